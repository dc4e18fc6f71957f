#include "nn/logistics.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nr {

torch::Tensor log_probability(const torch::Tensor& next, const torch::Tensor& levels, const torch::Tensor& low,
                              const torch::Tensor& high, const torch::Tensor& step) {
  const auto per_dimension = [](const torch::Tensor& t) { return t.reshape({-1, 1, 1}); };
  const torch::Tensor x = levels.unsqueeze(2), width = per_dimension(step), half = width / 2;
  const torch::Tensor centre = next.select(2, 1);
  const torch::Tensor rate = torch::exp(-next.select(2, 2).clamp(kLowestLogScale, kHighestLogScale));
  const torch::Tensor below = torch::log_sigmoid((x + half - centre) * rate);   // ln P(up to the level's upper edge)
  const torch::Tensor above = torch::log_sigmoid((centre - x + half) * rate);   // ln P(from its lower edge on)
  // sigmoid(b) - sigmoid(a) = sigmoid(b) sigmoid(-a) (1 - exp(a - b)), and b - a is the same for all levels: no
  // cancellation.
  const torch::Tensor inside = below + above + torch::log(-torch::expm1(-width * rate));
  const torch::Tensor each =
      torch::where(x < per_dimension(low) + half, below, torch::where(x > per_dimension(high) - half, above, inside));
  return torch::logsumexp(torch::log_softmax(next.select(2, 0), 2) + each, 2);
}

double draw_logistic(const float* next, int mixtures, double temperature, Random& random) {
  const auto chance = [&] { return std::clamp(random.uniform(), 1e-12, 1 - 1e-12); };
  int chosen = 0;
  double best = -std::numeric_limits<double>::infinity();
  for (int m = 0; m < mixtures; ++m) {  // the largest of logits with Gumbel noise is a draw from their softmax
    const double noisy = next[m] - temperature * std::log(-std::log(chance()));
    if (noisy > best) best = noisy, chosen = m;
  }
  const double log_scale = std::clamp<double>(next[2 * mixtures + chosen], kLowestLogScale, kHighestLogScale);
  const double u = chance(), scale = std::exp(log_scale);
  return next[mixtures + chosen] + temperature * scale * (std::log(u) - std::log1p(-u));
}

}  // namespace nr
