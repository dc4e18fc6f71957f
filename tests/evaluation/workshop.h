// Small runs, trained for a few steps on small recordings.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "config/command_line.h"
#include "data/prepare.h"
#include "evaluation/evaluate.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {

struct Workshop {
  TemporaryFolder folder;
  EvaluationConfig config;
  Workshop() {
    write_recordings(folder / "audio", 14, 8000, 1.2);
    config.bootstrap = 200, config.examples = 2;
  }
  std::filesystem::path run(const std::string& model, const std::string& name,
                            const std::vector<std::string>& settings = {}, const std::string& audio = "audio") {
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/" + model + ".yaml");
    config::set(root, "data.inputs", "[" + (folder / audio).string() + "]");
    config::set(root, "data.cache", (folder / (audio + ".cache")).string());
    config::set(root, "data.test", "0.4");
    config::set(root, "device", "cpu");
    for (const std::string& setting : settings) config::set(root, setting);
    const RunConfig run = read_run_config(root);
    prepare(run.data, run.descriptors);
    train(run, folder / name);
    return folder / name;
  }
};

}  // namespace nr
