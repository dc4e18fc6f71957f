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

void pitch_shift(std::vector<float>& audio, int sample_rate, double semitones, Random& draw, float* drawn) {
  const double shift = draw.uniform(-semitones, semitones), ratio = std::exp2(shift / 12);
  audio = resample(audio, static_cast<int>(std::lround(sample_rate * ratio)), sample_rate, Quality::kMedium);
  drawn[0] = static_cast<float>(shift);
}

// A second-order all-pass with its pole at radius 0.99 and 20 to 2000 Hz, as RAVE draws it: it changes phases and no
// magnitude.
void all_pass(std::vector<float>& audio, int sample_rate, double probability, Random& draw, float* drawn) {
  const double hertz = 20 * std::pow(100, draw.uniform());
  drawn[0] = 0;
  if (draw.uniform() >= probability) return;
  drawn[0] = static_cast<float>(hertz);
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

// Feed-forward: the level above a threshold of -40 to -12 dBFS is divided by 1.5 to 6. Attack 5 ms, release 100 ms,
// no make-up gain.
void compression(std::vector<float>& audio, int sample_rate, double probability, Random& draw, float* drawn) {
  const double decibels = draw.uniform(-40, -12), ratio = draw.uniform(1.5, 6);
  drawn[0] = 0;
  drawn[1] = 1;
  if (draw.uniform() >= probability) return;
  drawn[0] = static_cast<float>(decibels);
  drawn[1] = static_cast<float>(ratio);
  const auto threshold = static_cast<float>(std::pow(10, decibels / 20));
  const auto slope = static_cast<float>(1 - 1 / ratio);
  const float attack = std::exp(-1 / (0.005f * sample_rate)), release = std::exp(-1 / (0.1f * sample_rate));
  float level = 0;
  for (float& sample : audio) {
    const float x = std::abs(sample), keep = x > level ? attack : release;
    level = keep * level + (1 - keep) * x;
    if (level > threshold) sample *= std::pow(threshold / level, slope);
  }
}

void gain(std::vector<float>& audio, int, double decibels, Random& draw, float* drawn) {
  const double change = draw.uniform(-decibels, decibels);
  const auto factor = static_cast<float>(std::pow(10, change / 20));
  for (float& sample : audio) sample *= factor;
  drawn[0] = static_cast<float>(change);
}

void mute(std::vector<float>& audio, int, double probability, Random& draw, float* drawn) {
  const bool silent = draw.uniform() < probability;
  if (silent) std::fill(audio.begin(), audio.end(), 0.f);
  drawn[0] = silent ? 1 : 0;
}

void polarity(std::vector<float>& audio, int, double probability, Random& draw, float* drawn) {
  const float sign = draw.uniform() < probability ? -1 : 1;
  if (sign < 0)
    for (float& sample : audio) sample = -sample;
  drawn[0] = sign;
}

// White noise as strong as what rounding to 16 bits took away: no two crops are the same samples.
void noise_floor(std::vector<float>& audio, int, double half_steps, Random& draw, float* drawn) {
  const double half = half_steps * 0x1p-16;
  for (float& sample : audio) sample += static_cast<float>(draw.uniform(-half, half));
  drawn[0] = static_cast<float>(half_steps);
}

}  // namespace

// keeps_pairs: what changes pitch, phases or the range of levels gives a wet sound that the effect would not have made
// of that dry one. A gain does so only for effects that are not linear; what it drew is known.
const Table<Augmentation>& augmentations() {
  static const Table<Augmentation> table{
      "augmentation",
      {
          {"pitch_shift", "largest shift up or down by playing faster or slower, semitones", 12, false, false,
           {"semitones"}, pitch_shift},
          {"all_pass", "probability", 1, false, false, {"hertz"}, all_pass},
          {"compression", "probability", 1, false, false, {"threshold", "ratio"}, compression},
          {"gain", "largest gain up or down, dB", 40, false, true, {"decibels"}, gain},
          {"mute", "probability of silence", 1, false, true, {"silent"}, mute},
          {"polarity", "probability of a change of sign", 1, true, true, {"sign"}, polarity},
          {"noise_floor", "amplitude of white noise, halves of a 16-bit step", 1, true, true,
           {"amplitude"}, noise_floor},
      }};
  return table;
}

std::vector<std::string> augmentation_names() { return augmentations().names(); }

Augmenter::Augmenter(const std::map<std::string, double>& numbers, bool pairs) {
  for (const auto& [name, number] : numbers) {
    const Augmentation& row = augmentations().at(name);
    const std::string found = text("data.augment.", name, " is ", number);
    if (!(number >= 0 && number <= row.most)) fail(found, ": expected 0 to ", row.most);
    if (pairs && number > 0 && !row.keeps_pairs)
      fail(found, ": expected 0 with data.wet, as the dry and the wet sound would no longer belong together");
  }
  for (const Augmentation& row : augmentations().rows)
    if (const auto found = numbers.find(row.name); found != numbers.end() && found->second > 0)
      chosen_.emplace_back(&row, found->second);
}

bool Augmenter::keeps_descriptors() const {
  return std::all_of(chosen_.begin(), chosen_.end(), [](const auto& each) { return each.first->keeps_descriptors; });
}

double Augmenter::fastest() const {
  for (const auto& [row, semitones] : chosen_)
    if (row->apply == pitch_shift) return std::exp2(semitones / 12);
  return 1;
}

std::vector<std::string> Augmenter::draws() const {
  std::vector<std::string> out;
  for (const auto& [row, number] : chosen_)
    for (const char* each : row->draws) out.push_back(text(row->name, ".", each));
  return out;
}

void Augmenter::apply(std::vector<float>& audio, int sample_rate, Random& draw, float* drawn) const {
  for (const auto& [row, number] : chosen_) {
    row->apply(audio, sample_rate, number, draw, drawn);
    drawn += row->draws.size();
  }
}

}  // namespace nr
