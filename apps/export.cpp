// export RUN --output HEADER: a trained run as a C header that streams on a microcontroller.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/main.h"
#include "deploy/deploy.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Lowers a trained run to a C header, checks it against LibTorch on test sound, and says what it costs on the "
      "board.");
  nr::ExportConfig config;
  app.add_option("run", config.run, "run folder or checkpoint")->required();
  app.add_option("--output", config.output, "header to write")->required();
  app.add_option("--name", config.name, "C identifier of the model (default: the header's file name)");
  app.add_option("--precision", config.precision, "of the weights")
      ->check(CLI::IsMember({"float32", "int16", "int8"}))
      ->capture_default_str();
  app.add_option("--part", config.part, "what to ship")
      ->check(CLI::IsMember({"decoder", "whole", "encoder"}))
      ->capture_default_str();
  auto* latents = app.add_option("--latents", config.latents,
                                 "principal components of the latent to keep (default: the latent as trained)")
                      ->check(CLI::PositiveNumber);
  app.add_option("--fidelity", config.fidelity, "... as few as hold this share of its variance, e.g. 0.95")
      ->check(CLI::Range(0.01, 1.0))
      ->excludes(latents);
  app.add_option("--board", config.board, "where it must fit")
      ->check(CLI::IsMember(nr::board_names()))
      ->capture_default_str();
  app.add_option("--boot", config.boot, "how a Daisy starts")
      ->check(CLI::IsMember({"none", "sram", "qspi"}))
      ->capture_default_str();
  app.add_option("--audio", config.audio, "recording to calibrate and test with (default: the run's test clips)");
  app.add_option("--seconds", config.seconds, "of that sound")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--loop-seconds", config.loop_seconds, "of the loop in the header")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { std::cout << nr::to_text(nr::export_model(config)); });
}
