// apply CHAIN.yaml IN OUT.wav: a chain of effects over a recording.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/main.h"
#include "base/names.h"
#include "config/value.h"
#include "effects/apply.h"

static void list() {
  for (const nr::EffectKind& kind : nr::effects().rows) {
    std::printf("%s (%s): %s\n", kind.name, kind.family, kind.reading);
    for (const nr::SynthParameter& p : kind.parameters)
      if (p.choices.empty())
        std::printf("  %-16s %g to %g%s%s, at first %g\n", p.name.c_str(), p.low, p.high, p.unit.empty() ? "" : " ",
                    p.unit.c_str(), p.initial);
      else
        std::printf("  %-16s %s\n", p.name.c_str(), nr::join(p.choices, " or ").c_str());
  }
}

int main(int argc, char** argv) {
  CLI::App app("Applies a chain of effects to a recording: mono, at its own rate, in constant memory.");
  std::string chain, in, out;
  uint64_t draw = 0;
  std::vector<std::string> assignments;
  app.add_option("chain", chain, "data/effects/*.yaml")->required();
  app.add_option("in", in, "recording")->required();
  app.add_option("out", out, "WAV to write")->required();
  app.add_flag_callback("--list", [] {
    list();
    throw CLI::Success();
  }, "names all effects with their parameters, and exits")->trigger_on_parse();
  app.add_option("--draw", draw, "which of the chain's draws, where it has ranges")->capture_default_str();
  app.add_option("--set", assignments, "key=value, over the chain")->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    nr::watch_interrupts();
    nr::config::Value root = nr::config::load(chain);
    for (const std::string& assignment : assignments) nr::config::set(root, assignment);
    const nr::ApplyReport report = nr::apply_to_file(nr::read_chain(root), draw, in, out);
    std::printf("%s\n%.1f s, level matched by %+.1f dB, peak %.2f\n", report.links.c_str(), report.seconds,
                report.gain_db, report.peak);
    if (report.clipped)
      nr::log_warning(nr::text(report.clipped, " samples are beyond full scale and were limited: lower the level, as "
                               "with --set level=none and a gain"));
  });
}
