#include "evaluation/tuning.h"

#include <algorithm>
#include <cmath>

#include "descriptors/intonation.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

Intonation of_reconstruction(const Observation& o) { return intonation(o.pitch, o.own.pitch); }

double mean_of_defined(const std::vector<Number>& numbers) {
  std::vector<double> defined;
  for (const Number& n : numbers)
    if (!std::isnan(n.value)) defined.push_back(n.value);
  return mean(defined);
}

std::vector<Number> under_their_mean(std::vector<Number> parts) {
  if (!parts.empty()) parts.insert(parts.begin(), {"", mean_of_defined(parts)});
  return parts;
}

// The control's pitch at every frame of the original's track.
PitchTrack asked_pitch(const Observation& o, size_t pitch) {
  const std::vector<float>& curve = o.source.curves[pitch];
  PitchTrack asked{o.pitch.hop, {}, std::vector<float>(o.pitch.size(), 1.f), o.pitch.level};
  for (size_t i = 0; i < o.pitch.size(); ++i)
    asked.hz.push_back(curve[std::min(curve.size() - 1, (2 * i + 1) * size_t(o.pitch.hop) / 2 / size_t(o.hop))]);
  return asked;
}

std::vector<Number> shares_transposed(const Observation& o, const PitchTrack& wanted, const Scale& scale) {
  const PitchBounds bounds{std::max(Swipe::kLow, std::exp2(scale.low)), std::min(Swipe::kHigh, std::exp2(scale.high))};
  std::vector<Number> parts;
  for (const Trial& trial : o.transposed)
    parts.push_back({(trial.steps > 0 ? "+" : "") + std::to_string(trial.steps),
                     intonation(wanted, trial.pitch, std::exp2(trial.steps / 12.0), bounds).share()});
  return parts;
}

}  // namespace

std::vector<Number> in_tune(const Observation& o, const std::vector<Scale>&) {
  return {{"", of_reconstruction(o).share()}};
}

std::vector<Number> in_tune_asked(const Observation& o, const std::vector<Scale>& scales) {
  const size_t pitch = pitch_control(scales);
  if (pitch == scales.size()) return {};
  return {{"", intonation(o.pitch, asked_pitch(o, pitch)).share()}};
}

std::vector<Number> in_tune_agreed(const Observation& o, const std::vector<Scale>& scales) {
  const size_t pitch = pitch_control(scales);
  if (pitch == scales.size()) return {};
  const PitchTrack asked = asked_pitch(o, pitch);
  PitchTrack agreed = o.pitch;
  for (size_t i = 0; i < agreed.size(); ++i)
    if (!in_tune(asked.hz[i], agreed.hz[i])) agreed.strength[i] = 0;
  std::vector<Number> numbers{{"", intonation(agreed, o.own.pitch).share()}};
  for (Number& part : shares_transposed(o, agreed, scales[pitch])) numbers.push_back(std::move(part));
  return numbers;
}

std::vector<Number> pitch_cents(const Observation& o, const std::vector<Scale>&) {
  const Intonation found = of_reconstruction(o);
  return {{"", found.both < kFewestVoiced ? kUndefined : median(found.cents), "cents"}};
}

std::vector<Number> octave_errors(const Observation& o, const std::vector<Scale>&) {
  const Intonation found = of_reconstruction(o);
  return {{"", found.voiced < kFewestVoiced ? kUndefined : double(found.octaves) / found.voiced}};
}

std::vector<Number> voicing_f1(const Observation& o, const std::vector<Scale>&) {
  const Intonation found = of_reconstruction(o);
  return {{"", found.voiced < kFewestVoiced ? kUndefined : 2.0 * found.both / (found.voiced + found.played)}};
}

std::vector<Number> in_tune_transposed(const Observation& o, const std::vector<Scale>& scales) {
  if (o.transposed.empty()) return {};
  return under_their_mean(shares_transposed(o, o.pitch, scales[pitch_control(scales)]));
}

std::vector<Number> in_tune_exchanged(const Observation& o, const std::vector<Scale>& scales) {
  if (pitch_control(scales) == scales.size()) return {{"", intonation(o.pitch, o.trials[0].pitch).share()}};
  std::vector<Number> parts;
  for (size_t k = 0; k < scales.size(); ++k)
    if (scales[k].descriptor != "pitch" && scales[k].descriptor != "periodicity")
      parts.push_back({scales[k].descriptor, intonation(o.pitch, o.trials[k + 1].pitch).share()});
  return under_their_mean(std::move(parts));
}

std::vector<Number> silent_energy(const Observation& o, const std::vector<Scale>&) {
  constexpr float kSilent = 1e-3f;
  std::vector<double> squares;
  for (size_t i = 0; i < o.pitch.size(); ++i)
    if (o.pitch.level[i] < kSilent) squares.push_back(double(o.own.pitch.level[i]) * o.own.pitch.level[i]);
  return {{"", squares.empty() ? kUndefined : 10 * std::log10(std::max(1e-12, mean(squares))), "dB"}};
}

}  // namespace nr
