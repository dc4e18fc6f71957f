#include "data/augment.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "audio/resampler.h"
#include "base/error.h"
#include "run/data.h"

namespace nr {
namespace {

constexpr double kTau = 6.283185307179586;

void pitch_shift(std::vector<float>& audio, int sample_rate, double semitones, Random& draw) {
  const double ratio = std::exp2(draw.uniform(-semitones, semitones) / 12);
  audio = resample(audio, static_cast<int>(std::lround(sample_rate * ratio)), sample_rate, Quality::kMedium);
}

// A second-order all-pass with its pole at radius 0.99 and 20 to 2000 Hz, as RAVE draws it: other phases, the same magnitudes.
void all_pass(std::vector<float>& audio, int sample_rate, double probability, Random& draw) {
  const double hertz = 20 * std::pow(100, draw.uniform());
  if (draw.uniform() >= probability) return;
  const std::complex<double> pole = std::polar(0.99, kTau * hertz / sample_rate);
  const double a1 = -2 * pole.real(), a2 = std::norm(pole);
  double s1 = 0, s2 = 0;
  for (float& sample : audio) {
    const double x = sample, y = a2 * x + s1;
    s1 = a1 * x - a1 * y + s2;
    s2 = x - a2 * y;
    sample = static_cast<float>(y);
  }
}

// Feed-forward: the level above a threshold of -40 to -12 dBFS is divided by 1.5 to 6; attack 5 ms, release 100 ms, no make-up gain.
void compression(std::vector<float>& audio, int sample_rate, double probability, Random& draw) {
  const auto threshold = static_cast<float>(std::pow(10, draw.uniform(-40, -12) / 20));
  const auto slope = static_cast<float>(1 - 1 / draw.uniform(1.5, 6));
  if (draw.uniform() >= probability) return;
  const float attack = std::exp(-1 / (0.005f * sample_rate)), release = std::exp(-1 / (0.1f * sample_rate));
  float level = 0;
  for (float& sample : audio) {
    const float x = std::abs(sample), keep = x > level ? attack : release;
    level = keep * level + (1 - keep) * x;
    if (level > threshold) sample *= std::pow(threshold / level, slope);
  }
}

void gain(std::vector<float>& audio, int, double decibels, Random& draw) {
  const auto factor = static_cast<float>(std::pow(10, draw.uniform(-decibels, decibels) / 20));
  for (float& sample : audio) sample *= factor;
}

void mute(std::vector<float>& audio, int, double probability, Random& draw) {
  if (draw.uniform() < probability) std::fill(audio.begin(), audio.end(), 0.f);
}

void polarity(std::vector<float>& audio, int, double probability, Random& draw) {
  if (draw.uniform() < probability)
    for (float& sample : audio) sample = -sample;
}

// What rounding to 16 bits took away, in its place: no two crops are the same samples.
void noise_floor(std::vector<float>& audio, int, double half_steps, Random& draw) {
  const double half = half_steps * 0x1p-16;
  for (float& sample : audio) sample += static_cast<float>(draw.uniform(-half, half));
}

}  // namespace

const Table<Augmentation>& augmentations() {
  static const Table<Augmentation> table{"augmentation",
                                         {
                                             {"pitch_shift", "largest shift up or down by playing faster or slower, semitones", 12, false, pitch_shift},
                                             {"all_pass", "probability", 1, false, all_pass},
                                             {"compression", "probability", 1, false, compression},
                                             {"gain", "largest gain up or down, dB", 40, false, gain},
                                             {"mute", "probability of silence", 1, false, mute},
                                             {"polarity", "probability of a change of sign", 1, true, polarity},
                                             {"noise_floor", "amplitude of white noise, halves of a 16-bit step", 1, true, noise_floor},
                                         }};
  return table;
}

std::vector<std::string> augmentation_names() { return augmentations().names(); }

Augmenter::Augmenter(const std::map<std::string, double>& numbers) {
  for (const auto& [name, number] : numbers) {
    const double most = augmentations().at(name).most;
    if (!(number >= 0 && number <= most)) fail("data.augment.", name, " is ", number, ": expected 0 to ", most);
  }
  for (const Augmentation& row : augmentations().rows)
    if (const auto found = numbers.find(row.name); found != numbers.end() && found->second > 0) chosen_.emplace_back(&row, found->second);
}

bool Augmenter::keeps_descriptors() const {
  return std::all_of(chosen_.begin(), chosen_.end(), [](const auto& each) { return each.first->keeps_descriptors; });
}

double Augmenter::fastest() const {
  const auto shift = std::find_if(chosen_.begin(), chosen_.end(), [](const auto& each) { return each.first->apply == pitch_shift; });
  return shift == chosen_.end() ? 1 : std::exp2(shift->second / 12);
}

void Augmenter::apply(std::vector<float>& audio, int sample_rate, Random& draw) const {
  for (const auto& [row, number] : chosen_) row->apply(audio, sample_rate, number, draw);
}

}  // namespace nr
