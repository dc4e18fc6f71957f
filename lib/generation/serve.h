// A trained model that infers a synthesizer's parameters, played by OSC messages: performer.h lists them. Torch-free:
// apps include it.
#pragma once
#include <string>

#include "config/checks.h"

namespace nr {

struct ServeConfig {
  std::string run, host = "127.0.0.1", to = "127.0.0.1", presets = "presets.csv";
  int port = 1232, reply = 1233;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{}, "run folder or checkpoint of a model that infers a synthesizer's parameters");
    v("host", host, Any{}, "address that is listened on; 0.0.0.0: also from other machines");
    v("port", port, between(0, 65535), "UDP port that is listened on; 0: a free one");
    v("to", to, Any{}, "address that replies go to");
    v("reply", reply, between(1, 65535), "UDP port that replies go to");
    v("presets", presets, Any{}, "file that /preset_space writes: CSV of training sounds and where they lie");
  }
};

// Listens until /stop or Ctrl-C. Errors: Performer's and UdpPort's.
void serve(const ServeConfig& config);

}  // namespace nr
