// serve RUN: a model that infers a synthesizer's parameters, played by OSC messages.
#include "generation/serve.h"

#include "base/main.h"
#include "base/openmp.h"
#include "config/command_line.h"

int main(int argc, char** argv) {
  nr::limit_openmp_spinning(argv);
  CLI::App app("Plays a trained model's latent by OSC messages, and infers parameters of recordings that they name.");
  nr::ServeConfig config;
  nr::config::add_options(app, config, {"run"});
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] { nr::serve(config); });
}
