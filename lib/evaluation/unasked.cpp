#include "evaluation/unasked.h"

#include <algorithm>
#include <cmath>

#include "descriptors/descriptor.h"
#include "evaluation/interior.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

// Which control it is; as many as there are: none.
size_t control_of(const std::vector<Scale>& scales, const std::string& descriptor) {
  const auto is = [&](const Scale& scale) { return scale.descriptor == descriptor; };
  return size_t(std::find_if(scales.begin(), scales.end(), is) - scales.begin());
}

}  // namespace

std::vector<Number> unasked(const Observation& o, const std::vector<Scale>& scales) {
  std::vector<std::string> names;
  for (const char* name : {"loudness", "sharpness", "brightness", "warmth", "booming"})
    if (control_of(scales, name) == scales.size()) names.push_back(name);
  if (names.empty() || o.hop > o.window) return {};  // one latent a note
  const Framing framing{o.sample_rate, o.window, o.hop};  // one measurement a latent frame
  const Curves original = analyse(o.original, names, framing), played = analyse(o.own.audio, names, framing);
  const std::vector<bool> inside = interior(o.source.active, interior_margin(o));
  std::vector<Number> out;
  std::vector<double> values;
  for (size_t d = 0; d < names.size(); ++d) {
    std::vector<double> x, y;
    for (size_t i = 0; i < inside.size(); ++i)
      if (inside[i] && std::isfinite(original[d][i]))
        x.push_back(original[d][i]), y.push_back(std::isfinite(played[d][i]) ? played[d][i] : 0);
    const bool moves = int(x.size()) >= kFewestFrames && deviation(x) > 0;
    const double r = moves ? spearman(x, y) : kUndefined;
    values.push_back(moves && std::isnan(r) ? 0 : r);  // the original moves and the reconstruction does not
    out.push_back({names[d], values.back()});
  }
  out.insert(out.begin(), {"", mean(finite(values))});
  return out;
}

std::vector<Number> silent_energy_exchanged(const Observation& o, const std::vector<Scale>& scales) {
  const size_t level = control_of(scales, "rms");
  if (level == scales.size()) return {};
  constexpr float kSilent = 1e-3f;
  const Trial& trial = o.trials[0];
  std::vector<double> squares;
  for (size_t i = 0; i < trial.asked[level].size(); ++i)
    if (trial.asked[level][i] < kSilent) squares.push_back(double(trial.measured[level][i]) * trial.measured[level][i]);
  return {{"", squares.empty() ? kUndefined : 10 * std::log10(std::max(1e-12, mean(squares))), "dB"}};
}

std::vector<Number> clipped_exchanged(const Observation& o, const std::vector<Scale>&) {
  const std::vector<float>& audio = o.trials[0].audio;
  const auto beyond = std::count_if(audio.begin(), audio.end(), [](float x) { return std::abs(x) >= 1; });
  return {{"", double(beyond) / double(audio.size())}};
}

}  // namespace nr
