#include "nn/gradient_exchange.h"

#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/torch.h>

#include "nn/ranks.h"

namespace nr {

using torch::autograd::variable_list;

struct GradientExchange::State {
  struct Bucket {
    std::vector<torch::Tensor> parameters;
    size_t arrived = 0;
  };
  Begin begin;
  std::vector<Bucket> buckets;
  std::vector<std::shared_ptr<torch::autograd::Node>> accumulators;  // hold the hooks; a parameter does not hold them
  std::vector<std::function<void()>> travelling;                     // the first buckets
  bool open = false;  // a backward pass of this exchange goes on: other losses may pass here too

  // Buckets leave in one order, so that they meet those of the other ranks.
  void leave_next() {
    std::vector<torch::Tensor> gradients;
    for (const torch::Tensor& p : buckets[travelling.size()].parameters)
      if (p.grad().defined()) gradients.push_back(p.grad());
    travelling.push_back(gradients.empty() ? std::function<void()>([] {}) : begin(gradients));
  }
  void arrive(size_t bucket) {
    if (!open) return;
    ++buckets[bucket].arrived;
    while (travelling.size() < buckets.size()) {
      const Bucket& next = buckets[travelling.size()];
      if (next.arrived < next.parameters.size()) break;
      leave_next();
    }
  }
};

GradientExchange::GradientExchange(const std::vector<torch::Tensor>& parameters, Begin begin) {
  if (ranks().count == 1 && !begin) return;
  state_ = std::make_shared<State>();
  state_->begin = begin ? std::move(begin) : begin_average;
  for (auto& bucket : buckets_of({parameters.rbegin(), parameters.rend()})) {
    for (const torch::Tensor& p : bucket) {
      const auto accumulator = torch::autograd::impl::grad_accumulator(p);
      if (!accumulator) continue;  // no gradient comes: the bucket leaves at the end
      const auto hook = [state = std::weak_ptr<State>(state_), place = state_->buckets.size()](
                            const variable_list& outputs, const variable_list&) {
        if (const auto alive = state.lock()) alive->arrive(place);
        return outputs;
      };
      accumulator->add_post_hook(std::make_unique<torch::autograd::utils::LambdaPostHook>(hook));
      state_->accumulators.push_back(accumulator);
    }
    state_->buckets.push_back({std::move(bucket)});
  }
}

void GradientExchange::backward(const torch::Tensor& scalar) {
  if (!state_) return scalar.backward();
  State& s = *state_;
  for (State::Bucket& bucket : s.buckets) bucket.arrived = 0;
  s.travelling.clear();
  s.open = true;
  scalar.backward();
  s.open = false;
  while (s.travelling.size() < s.buckets.size()) s.leave_next();
  for (const auto& wait : s.travelling) wait();
  s.travelling.clear();
}

}  // namespace nr
