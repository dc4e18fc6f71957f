// The values of a regressor, which infers parameters from the value `condition`: of synthesizers and of effects.
#pragma once
#include <vector>

#include "nn/regressors.h"
#include "systems/system.h"
#include "systems/table.h"

namespace nr {

// given: the right parameters, in their own units. Everything must outlive the values.
void add_inference(const torch::Tensor& given, const ParameterSpace& space, const RegressorConfig& config,
                   Regressor& regressor, Values& values);

// Of a regressor that reads a latent of latent_size numbers.
void check_inference(const RegressorConfig& config, int64_t latent_size, const ParameterSpace& space,
                     const config::Located& at);

std::vector<ValueOffer> inference_values(const RegressorConfig& config);

// Positions [n, parameters] that it infers, drawn with `seed` where it draws.
torch::Tensor infer_positions(Regressor& regressor, const torch::Tensor& condition, uint64_t seed);

}  // namespace nr
