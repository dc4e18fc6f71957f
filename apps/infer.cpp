// infer RUN RECORDING --out PRESET: any sound in, the parameters of a synthesizer that plays it out.
#include "generation/infer.h"

#include <cstdio>

#include "base/log.h"
#include "base/main.h"
#include "base/openmp.h"
#include "config/command_line.h"

int main(int argc, char** argv) {
  nr::limit_openmp_spinning(argv);
  CLI::App app("Infers a synthesizer's parameters from a recording: writes a preset and renders its note.");
  nr::InferConfig config;
  nr::config::add_options(app, config, {"run", "recording", "--out"});
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    const nr::InferReport report = nr::infer(config);
    for (const auto& [name, value] : report.parameters) std::printf("%-24s %s\n", name.c_str(), value.c_str());
    if (report.problem.empty()) std::printf("%s: %.1f dB from the recording (MSS)\n", config.out.c_str(), report.mss);
    else nr::log_warning(config.out + ": its note " + report.problem);
  });
}
