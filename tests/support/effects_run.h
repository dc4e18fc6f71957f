// A small run of effects over small notes.
#pragma once
#include "config/value.h"
#include "data/prepare.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"

namespace nr {

// A config, named from the source folder, made small.
inline config::Value small_effects(const std::string& file, const std::filesystem::path& notes,
                                   const std::filesystem::path& cache) {
  const std::string source = NR_SOURCE_DIR;
  config::Value root = config::load(source + "/" + file + "+" + source + "/configs/effects/tiny.yaml");
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"device", "cpu"},
           {"data.inputs", "[" + notes.string() + "]"},
           {"data.cache", cache.string()},
           {"data.test", "0.2"},
           {"data.validation", "0.2"},
           {"data.group", "\"\""},
           {"data.stratify", "\"\""}})
    config::set(root, key, yaml);
  return root;
}

struct EffectsRun {
  TemporaryFolder folder;
  RunConfig config;

  explicit EffectsRun(const std::string& name, const std::vector<std::string>& settings = {}) {
    write_notes(folder / "notes");
    config::Value root = small_effects("configs/effects/" + name + ".yaml", folder / "notes", folder / "cache");
    for (const std::string& setting : settings) config::set(root, setting);
    config = read_run_config(root);
    prepare(config.data, config.descriptors);
  }
};

}  // namespace nr
