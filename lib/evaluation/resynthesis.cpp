#include "evaluation/resynthesis.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <thread>

#include "base/error.h"
#include "base/parallel.h"
#include "config/reader.h"
#include "synth/presets.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

Recipe recipe_of(const DataConfig& data, const std::string& synth) {
  if (data.inputs.empty()) fail("data.inputs is empty: evaluation renders with the recipe of the set");
  const fs::path input = data.inputs[0], folder = fs::is_directory(input) ? input : input.parent_path();
  const fs::path file = folder / "recipe.yaml";
  if (!fs::exists(file))
    fail(folder.string(), ": holds no recipe.yaml: evaluation needs a set that `render` made of presets");
  const Recipe recipe = config::read<Recipe>(config::load(file));
  if (recipe.presets.synth != synth)
    fail(file.string(), ": is of the synthesizer '", recipe.presets.synth, "', but model.synth is '", synth, "'");
  return recipe;
}

}  // namespace

Resynthesis::Resynthesis(const DataConfig& data, const std::string& synth) : recipe_(recipe_of(data, synth)) {
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    workers_.push_back(std::make_unique<RenderProcess>([&] { return make_synth(synth); }, recipe_.presets.limit));
  const SynthParameters& all = workers_[0]->parameters();
  for (const std::string& name : data.parameters) columns_.push_back(index_of(all, name));
  patch_ = recipe_.presets.patch.empty() ? initial_values(all) : read_preset(recipe_.presets.patch, synth, all).values;
}

std::vector<double> Resynthesis::values(const std::vector<float>& columns) const {
  std::vector<double> out = patch_;
  for (size_t i = 0; i < columns_.size(); ++i)
    if (!std::isnan(columns.at(i))) {
      const SynthParameter& p = workers_[0]->parameters()[columns_[i]];
      out[columns_[i]] = std::clamp(double(columns[i]), p.low, p.high);
    }
  return out;
}

std::vector<Rendering> Resynthesis::play(const std::vector<std::vector<double>>& presets, int seed) const {
  std::vector<Rendering> out(presets.size());
  std::atomic<size_t> next{0};
  parallel_for(workers_.size(), [&](size_t w) {
    for (size_t i; (i = next++) < presets.size();)
      out[i] = workers_[w]->play(presets[i], note_of(recipe_), uint64_t(recipe_.presets.seed + seed));
  }, unsigned(workers_.size()));
  return out;
}

}  // namespace nr
