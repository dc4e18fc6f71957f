// What one step of training gets: n examples as tensors.
#pragma once
#include <torch/types.h>

#include <map>
#include <string>

namespace nr {

// A tensor is undefined, and a map empty, where the configuration asks for nothing of its kind.
struct Batch {
  torch::Tensor audio{};     // [n, 1, segment] in [-1, 1); of a pair the dry sound
  torch::Tensor controls{};  // [n, controls, frames], normalised to [-1, 1]
  torch::Tensor classes{};   // [n, controls, frames], int64 quantile classes of the controls
  torch::Tensor active{};    // [n, frames], 1 where the clip sounds, else 0
  // data.labels: group -> [n, classes], classes in the order of Dataset::label_groups(). A row sums to 1. It is
  // one-hot, or where a crop joins several clips the share of its samples that each class has.
  std::map<std::string, torch::Tensor> labels{};
  // [n, k]: data.parameters in their own units, 0 where the mask is 0; with data.pairs columns of ChainLabels
  torch::Tensor parameters{};
  torch::Tensor parameter_mask{};  // [n, k]: 1 where the value is known; 0 in crops that join several clips
  torch::Tensor tags{};            // [n, k]: data.tags, -1, 1 or 0 (unknown)
  // [n, 1, segment], sample by sample beside audio: data.wet, augmented alike; with data.pairs audio behind
  // data.effects, which may leave [-1, 1)
  torch::Tensor wet{};
  torch::Tensor gain{};            // [n]: with data.pairs, decibels that matched the wet sound's level to the dry one's
  torch::Tensor draws{};           // [n, k]: what the augmentations drew, columns as Loader::draws()
};

// Every tensor of the batch on that device.
Batch to_device(Batch batch, torch::Device device);

// Zeros, made by this thread alone.
torch::Tensor plain_zeros(torch::IntArrayRef shape, torch::ScalarType type = torch::kFloat);

}  // namespace nr
