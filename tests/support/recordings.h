// A folder of small synthetic recordings: harmonic tones that swell and brighten, enough to prepare, train and evaluate
// on.
#pragma once
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "base/random.h"

namespace nr {

inline std::vector<float> swelling_tone(int key, int samples, int sample_rate) {
  Random random(key);
  const double f0 = random.uniform(90, 400), attack = random.uniform(0.02, 0.3), bright = random.uniform(0.3, 0.9);
  std::vector<float> out(samples);
  for (int i = 0; i < samples; ++i) {
    const double t = double(i) / sample_rate, level = 0.3 * (1 - std::exp(-t / attack)) * std::exp(-t / 0.8);
    double y = 0, gain = 1;
    for (int h = 1; h * f0 < sample_rate / 2.2; ++h, gain *= bright * (0.6 + 0.4 * std::sin(5 * t)))
      y += gain * std::sin(6.283185307 * h * f0 * t);
    out[i] = float(level * y + 1e-4 * random.normal());
  }
  return out;
}

inline void write_recordings(const std::filesystem::path& folder, int count, int sample_rate, double seconds) {
  std::filesystem::create_directories(folder);
  for (int i = 0; i < count; ++i)
    write_wav(folder / ("tone" + std::to_string(i) + ".wav"), swelling_tone(i, int(seconds * sample_rate), sample_rate),
              sample_rate);
}

}  // namespace nr
