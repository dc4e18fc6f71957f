// measure CONFIG [CONFIG ...]: parameters, work, latency and receptive field of what a config describes, before any
// training.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/main.h"
#include "models/cost.h"

int main(int argc, char** argv) {
  CLI::App app("Says what the networks of configs cost: a table, one line each.");
  std::vector<std::string> files, settings;
  app.add_option("configs", files, "YAML files with a `model`; a.yaml+b.yaml: both, the latter over the former")
      ->required();
  app.add_option("--set", settings, "change a field of every config: model.capacity=8")->allow_extra_args(false);
  bool with_layers = false;
  app.add_flag("--layers", with_layers, "behind the table, the layers of each config");
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    std::vector<std::pair<std::string, nr::Cost>> rows;
    for (const std::string& file : files) {
      nr::config::Value root = nr::config::load(file);
      for (const std::string& setting : settings) nr::config::set(root, setting);
      rows.emplace_back(file, nr::cost_of(root));
    }
    std::cout << nr::to_table(rows);
    for (const auto& [file, cost] : rows)
      for (const std::string& note : cost.notes) std::cout << '\n' << file << ": " << note << '\n';
    if (with_layers)
      for (const auto& [file, cost] : rows) std::cout << '\n' << file << "\n\n" << nr::layer_table(cost.layers);
  });
}
