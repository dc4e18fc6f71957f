#include "losses/adversarial.h"

#include <torch/torch.h>

#include "losses/names.h"

namespace nr {
namespace {

using torch::Tensor;

const std::vector<std::vector<Tensor>>& judged(const LossInput& in) {
  if (in.judged.empty()) in.judged = in.waveform_discriminator->forward(in.outputs.decoded.audio);
  return in.judged;
}

Tensor distance_of_features(const LossInput& in, bool relative) {
  std::vector<std::vector<Tensor>> real;
  {
    const torch::NoGradGuard no_grad;
    real = in.waveform_discriminator->forward(in.outputs.audio);
  }
  const auto& made = judged(in);
  auto sum = torch::zeros({}, in.outputs.audio.options());
  const size_t first = in.waveform_discriminator->config().match_first ? 0 : 1;
  for (size_t i = 0; i < real.size(); ++i)
    for (size_t j = first; j < real[i].size(); ++j) {
      const auto distance = (real[i][j] - made[i][j]).abs().mean();
      sum = sum + (relative ? distance / real[i][j].abs().mean().clamp_min(1e-7) : distance) / double(real[i].size() - first);
    }
  return sum;
}

}  // namespace

const Table<Adversarial>& adversarial() {
  static const Table<Adversarial> table{
      "adversarial loss",
      {
          // Lim and Ye, arXiv:1705.02894
          {"hinge", [](const Tensor& x) { return torch::relu(1 - x).mean(); }, [](const Tensor& x) { return torch::relu(1 + x).mean(); },
           [](const Tensor& x) { return -x.mean(); }},
          // Mao et al., arXiv:1611.04076, without the factors 1/2, as RAVE has it
          {"least_squares", [](const Tensor& x) { return (x - 1).pow(2).mean(); }, [](const Tensor& x) { return x.pow(2).mean(); },
           [](const Tensor& x) { return (x - 1).pow(2).mean(); }},
          // Goodfellow et al., arXiv:1406.2661, section 3: -ln sigmoid(x) = softplus(-x), which keeps its gradient where a sigmoid has none
          {"non_saturating", [](const Tensor& x) { return torch::softplus(-x).mean(); }, [](const Tensor& x) { return torch::softplus(x).mean(); },
           [](const Tensor& x) { return torch::softplus(-x).mean(); }},
      }};
  return table;
}

std::vector<std::string> adversarial_names() { return adversarial().names(); }

Tensor adversarial_discriminator(const LossInput& in) {
  const Adversarial& loss = adversarial().at(in.settings.adversarial);
  auto sum = torch::zeros({}, in.outputs.audio.options());
  for (const auto& judge : in.waveform_discriminator->forward(in.outputs.audio)) sum = sum + loss.on_real(judge.back());
  for (const auto& judge : in.waveform_discriminator->forward(in.outputs.decoded.audio.detach())) sum = sum + loss.on_made(judge.back());
  return sum;
}

Tensor adversarial_generator(const LossInput& in) {
  const Adversarial& loss = adversarial().at(in.settings.adversarial);
  auto sum = torch::zeros({}, in.outputs.audio.options());
  for (const auto& judge : judged(in)) sum = sum + loss.decoder(judge.back());
  return sum;
}

Tensor feature_matching(const LossInput& in) { return distance_of_features(in, false); }
Tensor feature_matching_relative(const LossInput& in) { return distance_of_features(in, true); }

}  // namespace nr
