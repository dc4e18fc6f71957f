// Search of a preset whose note comes nearer to a sound, by CMA-ES.
#pragma once
#include <torch/types.h>

#include <functional>
#include <vector>

#include "nn/parameter_space.h"

namespace nr {

// Costs of positions [n, columns], such as the distances of their notes to the sound.
using PositionCosts = std::function<std::vector<double>(const torch::Tensor&)>;

// From positions [columns], with `renders` costs in all, over what is no choice; integers are rounded. -> [columns];
// the start where nothing is better.
torch::Tensor search_positions(const ParameterSpace& space, const torch::Tensor& start, int renders, uint64_t seed,
                               const PositionCosts& costs);

}  // namespace nr
