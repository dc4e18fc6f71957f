// A small run of every system over small data, written but not prepared.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/effects_run.h"
#include "support/note_set.h"
#include "support/preset_set.h"
#include "support/recordings.h"
#include "support/tiny_prior.h"

namespace nr {

using Overrides = std::vector<std::pair<std::string, std::string>>;

struct SmallSystem {
  const char* name;
  // Writes the data into the folder and, of a prior, trains its model there. -> the config, whose data.cache is
  // folder/cache.
  config::Value (*make)(const TemporaryFolder& folder);
};

inline config::Value tiny_root(const TemporaryFolder& folder, const std::string& file, const Overrides& settings = {}) {
  write_recordings(folder / "audio", 8, 8000, 1.2);
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/" + file);
  config::set(root, "data.inputs", "[" + (folder / "audio").string() + "]");
  config::set(root, "data.cache", (folder / "cache").string());
  config::set(root, "device", "cpu");
  for (const auto& [key, yaml] : settings) config::set(root, key, yaml);
  return root;
}

inline const std::vector<SmallSystem>& small_systems() {
  static const std::vector<SmallSystem> table{
      {"rave", [](const TemporaryFolder& folder) { return tiny_root(folder, "tiny/consistent.yaml"); }},
      {"rave_v2", [](const TemporaryFolder& folder) { return tiny_root(folder, "tiny/v3.yaml"); }},
      {"mel_vae",
       [](const TemporaryFolder& folder) {
         return tiny_root(folder, "mel/vae.yaml",
                          {{"data.segment", "16384"},
                           {"data.group", "\"\""},
                           {"data.stratify", "\"\""},
                           {"model.frames", "16"},
                           {"model.channels", "2"},
                           {"model.encoder_widths", "[8]"},
                           {"model.griffin_lim", "5"},
                           {"model.latent_size", "4"},
                           {"training.batch", "2"}});
       }},
      {"prior",
       [](const TemporaryFolder& folder) {
         train_tiny_run(folder);
         return tiny_prior(folder);
       }},
      {"synthesizer",
       [](const TemporaryFolder& folder) {
         const std::vector<std::string> columns{"filter_cutoff", "osc1_wave"};
         render_small_set(folder / "set", columns, 30);
         config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/flow_synthesizer/vae_flow.yaml");
         make_small(root, folder / "set", folder / "cache", columns);
         for (const auto& [key, yaml] :
              Overrides{{"model.channels", "3"}, {"model.layers", "2"}, {"model.widths", "[8, 8]"}})
           config::set(root, key, yaml);
         return root;
       }},
      {"wae",
       [](const TemporaryFolder& folder) {
         write_notes(folder / "notes");
         config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/wae/wae_fader.yaml");
         make_small_wae(root, folder / "notes", folder / "cache");
         return root;
       }},
      {"vocoder",
       [](const TemporaryFolder& folder) {
         write_notes(folder / "notes");
         config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/vocoder/vocos.yaml");
         make_small_notes(root, folder / "notes", folder / "cache");
         for (const auto& [key, yaml] : Overrides{{"data.labels", "[]"},
                                                 {"data.classes", "{}"},
                                                 {"model.width", "8"},
                                                 {"model.blocks", "1"},
                                                 {"training.stft_sizes", "[512, 256]"}})
           config::set(root, key, yaml);
         return root;
       }},
      {"effects",
       [](const TemporaryFolder& folder) {
         write_notes(folder / "notes");
         return small_effects("configs/effects/transfer.yaml", folder / "notes", folder / "cache");
       }},
  };
  return table;
}

}  // namespace nr
