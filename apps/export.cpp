// export RUN --output FILE: a trained run as a C header that streams on a microcontroller, as a program file for
// players, as TorchScript or as ONNX. export RUN --check: a table of all of them.
#include <iostream>

#include "base/main.h"
#include "config/command_line.h"
#include "deploy/check.h"
#include "deploy/deploy.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Lowers a trained run, compares its stream with LibTorch on test sound, and writes it for a board or a player.");
  nr::ExportConfig config;
  nr::config::add_options(app, config, {"run"});
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    std::cout << (config.check ? nr::to_text(nr::check_targets(config)) : nr::to_text(nr::export_model(config)));
  });
}
