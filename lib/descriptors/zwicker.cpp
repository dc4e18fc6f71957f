#include "descriptors/zwicker.h"

#include <algorithm>
#include <cmath>

#include "descriptors/zwicker_model.h"
#include "dsp/sums.h"
#include "dsp/window.h"

namespace nr {
namespace {

// Power gain of a Butterworth band-pass one third of an octave wide, at a frequency relative to its centre.
double filter_gain(double relative) {
  const double distance = (relative - 1 / relative) / (std::exp2(1 / 6.0) - std::exp2(-1 / 6.0));
  const double cube = distance * distance * distance;
  return 1 / (1 + cube * cube);
}

}  // namespace

ThirdOctaves::ThirdOctaves(int sample_rate, int window) {
  double energy = 0;
  for (const double w : hann_window(window)) energy += w * w;
  for (int i = 0; i < 28; ++i) {
    const double centre = 1000 * std::exp2((i - 16) / 3.0) * window / sample_rate;  // bins
    const int steps = centre < 100 ? 16 : 2;
    for (int k = 1; k <= window / 2; ++k) {
      double gain = 0;  // mean over the width of the bin
      for (int step = 0; step < steps; ++step) gain += filter_gain((k - 0.5 + (step + 0.5) / steps) / centre) / steps;
      if (gain < 1e-7) {
        if (k < centre) continue;
        break;
      }
      if (bands_[i].weights.empty()) bands_[i].first = k;
      bands_[i].weights.push_back(static_cast<float>(2 * gain / (energy * window)));
    }
  }
}

std::vector<float> ThirdOctaves::weights(int bins) const {
  std::vector<float> out(size_t(bins) * bands_.size());
  for (size_t i = 0; i < bands_.size(); ++i)
    for (size_t k = 0; k < bands_[i].weights.size(); ++k)
      out[(size_t(bands_[i].first) + k) * bands_.size() + i] = bands_[i].weights[k];
  return out;
}

void ThirdOctaves::measure(const float* power, ThirdOctaveLevels& levels) const {
  for (size_t i = 0; i < levels.size(); ++i) {
    const Band& band = bands_[i];
    const double sum =
        lane_sum(int(band.weights.size()), [&](int k) { return double(band.weights[k]) * power[band.first + k]; });
    levels[i] = 10 * std::log10(std::max(sum, 1e-30)) + kFullScaleDb;
  }
}

void specific_loudness(const ThirdOctaveLevels& levels, SpecificLoudness& loudness) {
  loudness.total = zwicker_model::zwicker(
      levels, [&](size_t first, size_t end, double height, double z, double steepness) {
        for (size_t i = first; i < end; ++i)
          loudness.at[i] = float(height - steepness * (zwicker_model::bark(i) - z));
      });
}

}  // namespace nr
