#include "losses/adversarial.h"

#include <torch/torch.h>

#include "nn/discriminators.h"
#include "nn/ranks.h"
#include "run/names.h"

namespace nr {
namespace {

using torch::Tensor;

using Features = std::vector<std::vector<Tensor>>;  // of each sub-discriminator, layer after layer

WaveformDiscriminator& discriminator(const LossInput& in) {
  return part<WaveformDiscriminator>(in.parts, "waveform_discriminator");
}

// Of decoded audio; the losses of one update share the pass.
const Features& decoded_features(const LossInput& in) {
  return in.values.once<Features>("features(decoded.audio)",
                                  [&] { return discriminator(in).forward(in.values["decoded.audio"]); });
}

Tensor distance_of_features(const LossInput& in, bool relative) {
  const Tensor& audio = in.values["target.audio"];
  Features real;
  {
    const torch::NoGradGuard no_grad;
    real = discriminator(in).forward(audio);
  }
  const Features& made = decoded_features(in);
  auto sum = torch::zeros({}, audio.options());
  const size_t first = discriminator(in).config().match_first ? 0 : 1;
  for (size_t i = 0; i < real.size(); ++i)
    for (size_t j = first; j < real[i].size(); ++j) {
      const auto distance = (real[i][j] - made[i][j]).abs().mean();
      sum = sum +
            (relative ? distance / mean_over_ranks(real[i][j].abs().mean()).clamp_min(1e-7) : distance) /
                double(real[i].size() - first);
    }
  return sum;
}

}  // namespace

const Table<Adversarial>& adversarial() {
  static const Table<Adversarial> table{
      "adversarial loss",
      {
          // Lim and Ye, arXiv:1705.02894
          {"hinge", [](const Tensor& x) { return torch::relu(1 - x).mean(); },
           [](const Tensor& x) { return torch::relu(1 + x).mean(); }, [](const Tensor& x) { return -x.mean(); }},
          // Mao et al., arXiv:1611.04076, without the factors 1/2, as RAVE has it
          {"least_squares", [](const Tensor& x) { return (x - 1).pow(2).mean(); },
           [](const Tensor& x) { return x.pow(2).mean(); }, [](const Tensor& x) { return (x - 1).pow(2).mean(); }},
          // Goodfellow et al., arXiv:1406.2661, section 3: -ln sigmoid(x) = softplus(-x), which keeps its gradient
          // where a sigmoid has none
          {"non_saturating", [](const Tensor& x) { return torch::softplus(-x).mean(); },
           [](const Tensor& x) { return torch::softplus(x).mean(); },
           [](const Tensor& x) { return torch::softplus(-x).mean(); }},
      }};
  return table;
}

double undecided_loss(const Adversarial& loss) {
  const Tensor score = torch::zeros({1});
  return (loss.on_real(score) + loss.on_made(score)).item<double>();
}

std::vector<std::string> adversarial_names() { return adversarial().names(); }

Tensor adversarial_discriminator(const LossInput& in) {
  const Adversarial& loss = adversarial().at(in.settings.adversarial);
  const Tensor& real = in.values["target.audio"];
  auto sum = torch::zeros({}, real.options());
  for (const auto& layers : discriminator(in).forward(real)) sum = sum + loss.on_real(layers.back());
  for (const auto& layers : discriminator(in).forward(in.values["decoded.audio"].detach()))
    sum = sum + loss.on_made(layers.back());
  return sum;
}

Tensor adversarial_generator(const LossInput& in) {
  const Adversarial& loss = adversarial().at(in.settings.adversarial);
  auto sum = torch::zeros({}, in.values["target.audio"].options());
  for (const auto& layers : decoded_features(in)) sum = sum + loss.decoder(layers.back());
  return sum;
}

Tensor feature_matching(const LossInput& in) { return distance_of_features(in, false); }
Tensor feature_matching_relative(const LossInput& in) { return distance_of_features(in, true); }

}  // namespace nr
