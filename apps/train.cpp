// train CONFIG --run DIR: one YAML file, one run. Its model type says which system is trained.
#include <CLI/CLI.hpp>

#include "base/main.h"
#include "base/openmp.h"
#include "config/value.h"
#include "systems/table.h"
#include "training/train.h"

int main(int argc, char** argv) {
  nr::limit_openmp_spinning(argv);
  CLI::App app("Trains from one YAML file over data made by `prepare`. Ctrl-C saves; --resume goes on.");
  std::string file, folder;
  std::vector<std::string> settings;
  nr::TrainOptions options;
  app.add_option("config", file, "YAML file of the run; a.yaml+b.yaml: both, the latter over the former")->required();
  app.add_option("--run", folder, "folder that gets config.yaml, journal.jsonl, tensorboard/ and checkpoints/")
      ->required();
  app.add_option("--set", settings, "change a field: training.phases.representation.steps=100")
      ->allow_extra_args(false);
  app.add_flag("--resume", options.resume, "go on from the run's last checkpoint");
  app.add_option("--init-from", options.init_from, "begin with the weights of this run or checkpoint that fit");
  app.add_option("--accept", options.accept, "with --resume: what may differ from what the run was trained with")
      ->check(CLI::IsMember({"config", "controls", "data"}))
      ->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    nr::config::Value root = nr::config::load(file);
    for (const std::string& setting : settings) nr::config::set(root, setting);
    nr::train(nr::read_run_config(root), folder, options);
  });
}
