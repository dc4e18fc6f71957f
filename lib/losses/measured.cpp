#include "losses/measured.h"

#include <torch/torch.h>

#include <algorithm>

#include "losses/descriptors.h"

namespace nr {

std::vector<std::string> differentiable(const std::vector<std::string>& controls) {
  const std::vector<std::string>& all = differentiable_descriptors();
  std::vector<std::string> out;
  for (const std::string& control : controls)
    if (std::find(all.begin(), all.end(), control) != all.end()) out.push_back(control);
  return out;
}

namespace {

torch::Tensor measured_controls(const Measuring& how, const torch::Tensor& audio) {
  const int64_t frames = (audio.size(-1) - how.delay) / how.latent_hop;
  const std::vector<std::string> names = differentiable(how.controls);
  std::vector<double> low, slope;
  for (size_t i = 0; i < how.controls.size(); ++i)
    if (std::find(names.begin(), names.end(), how.controls[i]) != names.end())
      low.push_back(how.scales[i].low), slope.push_back(2 / (how.scales[i].high - how.scales[i].low));
  const auto column = [&](const std::vector<double>& v) {
    return torch::tensor(v, audio.options().requires_grad(false)).unsqueeze(-1);
  };
  const auto physical =
      measure_descriptors(audio.narrow(-1, how.delay, frames * how.latent_hop), names, how.framing, how.latent_hop);
  return (physical - column(low)) * column(slope) - 1;
}

torch::Tensor measured_aperiodicity(const Measuring& how, const torch::Tensor& audio, const torch::Tensor& asked) {
  const int64_t frames = (audio.size(-1) - how.delay) / how.latent_hop;
  const int64_t row = std::find(how.controls.begin(), how.controls.end(), "pitch") - how.controls.begin();
  const Scale& scale = how.scales.at(size_t(row));
  const auto hz = torch::exp2(scale.low + (asked.select(1, row) + 1) * (scale.high - scale.low) / 2);
  return aperiodicity(audio.narrow(-1, how.delay, frames * how.latent_hop), hz.narrow(-1, 0, frames), how.framing,
                      how.latent_hop);
}

}  // namespace

void add_measured(Values& values, const Measuring& how, const std::string& sound, const std::string& asked) {
  const std::string audio = sound + ".audio";
  values.add_for_update({sound + ".descriptors"}, {audio}, [&values, how, audio] {
    return std::vector<torch::Tensor>{measured_controls(how, values[audio])};
  });
  values.add_for_update({sound + ".aperiodicity"}, {audio, asked}, [&values, how, audio, asked] {
    return std::vector<torch::Tensor>{measured_aperiodicity(how, values[audio], values[asked])};
  });
}

}  // namespace nr
