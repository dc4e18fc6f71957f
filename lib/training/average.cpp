#include "training/average.h"

#include <torch/torch.h>

#include <algorithm>

#include "nn/checkpoint.h"

namespace nr {
namespace {

const char* const kTrained = "trained/";

}  // namespace

Average::Average(const Parts& parts, double decay) : parts_(parts), decay_(decay) {
  if (decay == 0) return;
  for (const Part& part : parts) {
    const auto add = [&](const torch::Tensor& tensor) {
      if (tensor.is_floating_point()) entries_.push_back({part.name, tensor, tensor.detach().clone()});
    };
    for (const torch::Tensor& parameter : part.module->parameters()) add(parameter);
    for (const torch::Tensor& buffer : part.module->buffers()) add(buffer);
  }
}

void Average::follow(int64_t step, const std::set<std::string>& learning) {
  const torch::NoGradGuard no_grad;
  const double share = std::min(decay_, double(1 + step) / double(10 + step));
  for (Entry& e : entries_)
    if (learning.count(e.part)) e.mean.lerp_(e.weight, 1 - share);
}

void Average::freeze(const std::set<std::string>& learning) {
  const torch::NoGradGuard no_grad;
  for (Entry& e : entries_)
    if (!learning.count(e.part)) e.weight.copy_(e.mean);
}

void Average::swap() {
  const torch::NoGradGuard no_grad;
  for (Entry& e : entries_) {
    const torch::Tensor weight = e.weight.clone();
    e.weight.copy_(e.mean);
    e.mean.copy_(weight);
  }
}

void Average::store(Checkpoint& checkpoint) const {
  if (entries_.empty()) return;
  for (const Part& part : parts_) nr::store(*part.module, kTrained + part.name, checkpoint);
}

void Average::restore(const Checkpoint& checkpoint) {
  for (const Part& part : parts_)
    if (!below(checkpoint, kTrained + part.name + "/").empty())
      nr::restore(*part.module, kTrained + part.name, checkpoint);
}

}  // namespace nr
