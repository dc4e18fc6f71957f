#include "generation/serve.h"

#include "base/error.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "generation/performer.h"

namespace nr {

void serve(const ServeConfig& config) {
  watch_interrupts();
  Performer performer(config);
  UdpPort port(config.host, config.port);
  log_info(text("listening on UDP ", config.host, ":", port.port(), ", replies go to ", config.to, ":", config.reply));
  while (!interrupted() && !performer.stopped()) {
    const auto bytes = port.receive(200);
    if (!bytes) continue;
    std::vector<OscMessage> answers;
    try {
      for (const OscMessage& message : parse_osc(*bytes))
        for (OscMessage& answer : performer.answer(message)) answers.push_back(std::move(answer));
    } catch (const Error& error) {
      answers.push_back({"/print", {error.what()}});
    }
    for (const OscMessage& answer : answers) port.send(config.to, config.reply, osc_bytes(answer));
  }
}

}  // namespace nr
