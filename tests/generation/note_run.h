// A small run of notes, to be played.
#pragma once
#include <string>

#include "data/prepare.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {

// Trained for two steps, once for all tests.
inline const std::string& small_run() {
  static const TemporaryFolder folder;
  static const std::string run = [] {
    write_notes(folder / "notes");
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/wae/wae_style.yaml");
    make_small_wae(root, folder / "notes", folder / "cache");
    config::set(root, "training.phases.representation.steps", "2");
    const RunConfig config = read_run_config(root);
    prepare(config.data, config.descriptors);
    train(config, folder / "run");
    return (folder / "run").string();
  }();
  return run;
}

}  // namespace nr
