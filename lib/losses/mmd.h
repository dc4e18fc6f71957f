// Maximum mean discrepancy between latents and draws of N(0, 1) (Wasserstein Auto-Encoders, arXiv:1711.01558,
// algorithm 2).
#pragma once
#include <torch/types.h>

#include "losses/table.h"

namespace nr {

// Of two sets of vectors, [n, d] and [m, d]: mean k(x, x) + mean k(y, y) - 2 mean k(x, y).
torch::Tensor discrepancy(const torch::Tensor& x, const torch::Tensor& y, const MmdConfig& config);

// Between the latents of all frames, at most 512, and as many draws.
torch::Tensor mmd(const LossInput& in);

}  // namespace nr
