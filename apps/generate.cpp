// generate PRIOR --out SOUND: a trained prior plays its model by itself, with any knobs held or moved.
#include <CLI/CLI.hpp>

#include "base/main.h"
#include "deploy/generate.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Lets a trained prior play its model: knobs and latents are drawn frame by frame, and decoded to a WAV.");
  nr::GenerateConfig config;
  app.add_option("run", config.run, "run folder or checkpoint of a prior")->required();
  app.add_option("--out", config.out, "WAV to write")->required();
  app.add_option("--seconds", config.seconds, "of sound")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--temperature", config.temperature, "1: as learned; less: safer; 0: the likeliest at every step")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--seed", config.seed, "another seed, another piece")->capture_default_str();
  app.add_option("--set-control", config.controls,
                 "hold a knob (rms=-20, in dB) or move it (centroid=1000:4000, in Hz)");
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { nr::generate(config); });
}
