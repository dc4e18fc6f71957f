// A tiny steered model trained for a moment on small recordings, and the config of a prior over it.
#pragma once
#include "config/value.h"
#include "data/prepare.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {

// Leaves a run of configs/tiny/c_rave.yaml in `folder`/run: controls centroid, rms, bandwidth; 4 latents; 8 kHz, hop 32.
inline void train_tiny_run(const TemporaryFolder& folder) {
  write_recordings(folder / "audio", 8, 8000, 1.2);
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/c_rave.yaml");
  config::set(root, "data.inputs", "[" + (folder / "audio").string() + "]");
  config::set(root, "data.cache", (folder / "cache").string());
  config::set(root, "device", "cpu");
  const RunConfig config = read_run_config(root);
  prepare(config.data, config.descriptors);
  train(config, folder / "run");
}

inline config::Value tiny_prior(const TemporaryFolder& folder, const std::string& file = "configs/prior/tiny.yaml") {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/" + file);
  config::set(root, "model.run", (folder / "run").string());
  config::set(root, "device", "cpu");
  return root;
}

}  // namespace nr
