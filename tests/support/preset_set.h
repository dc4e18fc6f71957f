// A small rendered set of presets, and a small run over it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/names.h"
#include "config/value.h"
#include "synth/render.h"

namespace nr {

// In `folder`: 8 kHz, half a second, these parameters of subtractive_fm.
inline void render_small_set(const std::filesystem::path& folder, const std::vector<std::string>& parameters,
                             int presets) {
  Recipe recipe;
  recipe.sample_rate = 8000;
  recipe.presets.synth = "subtractive_fm", recipe.presets.parameters = parameters;
  recipe.presets.sampled = presets, recipe.presets.held = 0.35, recipe.presets.seconds = 0.5;
  recipe.presets.floor = 2;
  render(recipe, folder);
}

// Sets what makes a config of configs/flow_synthesizer a small run over that set.
inline void make_small(config::Value& root, const std::filesystem::path& set, const std::filesystem::path& cache,
                       const std::vector<std::string>& parameters) {
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"device", "cpu"},
           {"data.inputs", "[" + set.string() + "]"},
           {"data.cache", cache.string()},
           {"data.sample_rate", "8000"},
           {"data.segment", "4096"},
           {"data.test", "0.2"},
           {"data.parameters", "[" + join(parameters) + "]"},
           {"descriptors.window", "512"},
           {"descriptors.hop", "256"},
           {"model.window", "512"},
           {"model.step", "256"},
           {"model.mels", "16"},
           {"model.frames", "16"},
           {"model.high", "4000"},
           {"training.batch", "8"},
           {"training.validation_batches", "1"}})
    config::set(root, key, yaml);
}

}  // namespace nr
