// A sine behind an effect, and what it is made of.
#pragma once
#include <cmath>
#include <complex>
#include <vector>

#include "dsp/fft.h"
#include "effects/chain.h"

namespace nr {

constexpr int kToneRate = 24000, kToneHz = 220;

inline std::vector<float> tone(double amplitude, int samples, double hertz = kToneHz, int rate = kToneRate) {
  std::vector<float> out;
  for (int i = 0; i < samples; ++i) out.push_back(float(amplitude * std::sin(2 * M_PI * hertz * i / rate)));
  return out;
}

inline Settings with(const std::string& effect, const std::string& parameter, double value) {
  const SynthParameters& all = effects().at(effect).parameters;
  Settings out = initial_values(all);
  if (!parameter.empty()) out[index_of(all, parameter)] = value;
  return out;
}

inline std::vector<float> through(const std::string& effect, const Settings& settings, std::vector<float> samples,
                                  int rate = kToneRate) {
  effects().at(effect).make(settings, rate)->process(samples.data(), int(samples.size()));
  return samples;
}

struct Partials {
  double thd = 0;      // the harmonics' amplitude over the fundamental's
  double alias = 0;  // the strongest line between the harmonics, its power over that of all; a constant does not count
};

// Of the second second of a tone of 220 Hz.
inline Partials partials(const std::vector<float>& sound) {
  RealFft fft(kToneRate);
  std::vector<std::complex<float>> bins(size_t(fft.bins()));
  fft.forward(sound.data() + kToneRate, bins.data());
  double first = 0, harmonics = 0, alias = 0, all = 0;
  for (int k = 1; k < fft.bins(); ++k) {
    const double power = std::norm(bins[size_t(k)]);
    all += power;
    if (k == kToneHz)
      first = power;
    else if (k % kToneHz == 0)
      harmonics += power;
    else
      alias = std::max(alias, power);
  }
  return {std::sqrt(harmonics / first), alias / all};
}

}  // namespace nr
