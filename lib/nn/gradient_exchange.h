// Gradients of several ranks, averaged while the backward pass goes on (Li et al., arXiv:2006.15704, section 3.2.3).
#pragma once
#include <torch/types.h>

#include <functional>
#include <memory>
#include <vector>

namespace nr {

class GradientExchange {
 public:
  // Begins to average a bucket; what it returns waits for the end (begin_average of nn/ranks.h).
  using Begin = std::function<std::function<void()>(const std::vector<torch::Tensor>& bucket)>;
  // In the order in which they were registered: the last ones are the first to get their gradients. begin: in place of
  // begin_average, also where there is one rank.
  explicit GradientExchange(const std::vector<torch::Tensor>& parameters, Begin begin = nullptr);
  // The gradients of a scalar, averages over all ranks. A bucket leaves as soon as all its gradients and all buckets
  // before it are there. Every rank must have gradients of the same parameters. Error as of nn/ranks.h.
  void backward(const torch::Tensor& scalar);

 private:
  struct State;
  std::shared_ptr<State> state_;  // null: there is one rank, and no `begin`
};

}  // namespace nr
