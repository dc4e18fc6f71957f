// Sounds of a rendered set of presets, rendered again from other parameters by the same synthesizer.
#pragma once
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "run/data.h"
#include "synth/recipe.h"
#include "synth/render_process.h"

namespace nr {

class Resynthesis {
 public:
  // Starts a rendering process a core. Error when the first input holds no recipe.yaml of a set of presets of this
  // synthesizer, or the synthesizer cannot be loaded.
  Resynthesis(const DataConfig& data, const std::string& synth);

  // A value for each of the synthesizer's parameters: those of the columns data.parameters, in their own unit; the
  // set's patch elsewhere, and where a column is NaN.
  std::vector<double> values(const std::vector<float>& columns) const;
  // Each preset's note. seeds: 0 is the seed of the set, 1 the one after it.
  std::vector<Rendering> play(const std::vector<std::vector<double>>& presets, int seed = 0) const;
  int sample_rate() const { return recipe_.sample_rate; }
  size_t note_samples() const { return size_t(std::llround(recipe_.presets.seconds * recipe_.sample_rate)); }

 private:
  Recipe recipe_;
  std::vector<size_t> columns_;
  std::vector<double> patch_;
  std::vector<std::unique_ptr<RenderProcess>> workers_;
};

}  // namespace nr
