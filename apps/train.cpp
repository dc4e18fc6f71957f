// train CONFIG --run DIR: one YAML file, one run: of a model, or (a config with `prior:`) of a prior over a model's latents.
#include <CLI/CLI.hpp>

#include "base/main.h"
#include "config/value.h"
#include "training/prior.h"
#include "training/train.h"

int main(int argc, char** argv) {
  CLI::App app("Trains a model from one YAML file over data made by `prepare`. Ctrl-C saves; --resume goes on.");
  std::string file, folder;
  std::vector<std::string> settings;
  bool resume = false;
  app.add_option("config", file, "YAML file of the run")->required();
  app.add_option("--run", folder, "folder that gets config.yaml, journal.jsonl and checkpoints/")->required();
  app.add_option("--set", settings, "change a field: training.phases.representation.steps=100")
      ->allow_extra_args(false);
  app.add_flag("--resume", resume, "go on from the run's last checkpoint");
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    nr::config::Value root = nr::config::load(file);
    for (const std::string& setting : settings) nr::config::set(root, setting);
    if (root.find("prior"))
      nr::train_prior(nr::read_prior_config(root), folder, resume);
    else
      nr::train(nr::read_run_config(root), folder, resume);
  });
}
