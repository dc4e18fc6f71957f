// A tiny run of configs/tiny over small recordings, prepared and ready to train.
#pragma once
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "config/value.h"
#include "data/prepare.h"
#include "nn/checkpoint.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {

struct Workshop {
  TemporaryFolder folder;
  RunConfig config;

  explicit Workshop(const std::string& name, const std::vector<std::string>& settings = {}) {
    write_recordings(folder / "audio", 8, 8000, 1.2);
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/" + name + ".yaml");
    config::set(root, "data.inputs", "[" + (folder / "audio").string() + "]");
    config::set(root, "data.cache", (folder / "cache").string());
    config::set(root, "device", "cpu");
    for (const std::string& setting : settings) config::set(root, setting);
    config = read_run_config(root);
    prepare(config.data, config.descriptors);
  }
  std::filesystem::path checkpoint(const std::string& run, const std::string& name = "last") const {
    return folder.path() / run / "checkpoints" / (name + ".safetensors");
  }
};

inline void expect_same_tensors(const Checkpoint& a, const Checkpoint& b) {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) EXPECT_TRUE(tensor.equal(b.tensors.at(name))) << name;
}

}  // namespace nr
