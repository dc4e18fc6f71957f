// A small trained run of synthesizer inference.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "config/value.h"
#include "data/prepare.h"
#include "support/preset_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {

// A run of a few steps over a rendered set; config: of configs/flow_synthesizer.
inline void train_small(const std::filesystem::path& set, const std::filesystem::path& cache,
                        const std::filesystem::path& to, const std::string& config,
                        const std::vector<std::string>& columns) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/flow_synthesizer/" + config);
  make_small(root, set, cache, columns);
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"model.encoder", "mlp"}, {"model.widths", "[8]"}, {"training.phases.representation.steps", "3"}})
    config::set(root, key, yaml);
  const RunConfig run = read_run_config(root);
  prepare(run.data, run.descriptors);
  train(run, to);
}

// The same over a small set of its own, in folder/run.
inline void train_small(const TemporaryFolder& folder, const std::string& config) {
  const std::vector<std::string> columns{"filter_cutoff", "osc1_wave"};
  render_small_set(folder / "set", columns, 30);
  train_small(folder / "set", folder / "cache", folder / "run", config, columns);
}

}  // namespace nr
