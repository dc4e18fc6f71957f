// A mixture of logistics over the levels of one number (Salimans et al., PixelCNN++, arXiv:1701.05517), rather than a
// class a level: the levels' order is known, outputs are few; levels rather than a density: controls clipped at their
// ends would make a density infinite.
#pragma once
#include <torch/types.h>

#include "base/random.h"

namespace nr {

// Log-scales are limited to these: far below a level of 256, far above the data.
constexpr double kLowestLogScale = -7, kHighestLogScale = 7;

// next: [batch, dims, 3, mixtures, frames]: logits, centres, log-scales. levels: [batch, dims, frames], each one of low
// + k * step up to high; low, high, step: [dims]. The end levels take the tails, so that the levels' probabilities sum
// to 1. -> natural logarithms [batch, dims, frames]
torch::Tensor log_probability(const torch::Tensor& next, const torch::Tensor& levels, const torch::Tensor& low,
                              const torch::Tensor& high, const torch::Tensor& step);

// A draw from the mixture itself, not from its levels. next: [3][mixtures]. Temperature
// multiplies scales and divides logits; 0 gives the centre of the likeliest logistic.
double draw_logistic(const float* next, int mixtures, double temperature, Random& random);

}  // namespace nr
