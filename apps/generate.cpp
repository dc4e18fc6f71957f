// generate PRIOR --out SOUND: a trained prior plays its model by itself, with any controls held or moved.
// generate NOTES --sfz FOLDER: a run of notes as a multisample.
#include "generation/generate.h"

#include "base/main.h"
#include "config/command_line.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Lets a trained prior play its model: controls and latents are drawn frame by frame, and decoded to a WAV. "
      "Or writes a run of notes as a multisample.");
  nr::GenerateConfig config;
  nr::config::add_options(app, config, {"run"});
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { nr::generate(config); });
}
