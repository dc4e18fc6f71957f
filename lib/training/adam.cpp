#include "training/adam.h"

#include <torch/torch.h>

#include <cmath>

#include "base/error.h"

namespace nr {

Adam::Adam(std::vector<std::pair<std::string, torch::Tensor>> parameters, const std::vector<double>& betas)
    : beta1_(betas[0]), beta2_(betas[1]) {
  for (auto& [name, parameter] : parameters)
    moments_.push_back({name, parameter, torch::zeros_like(parameter), torch::zeros_like(parameter)});
}

void Adam::clear_gradients() {
  for (Moments& m : moments_) m.parameter.mutable_grad() = torch::Tensor();
}

void Adam::step(double lr) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  const double correction1 = 1 - std::pow(beta1_, double(steps_)), correction2 = 1 - std::pow(beta2_, double(steps_));
  for (Moments& m : moments_) {
    const torch::Tensor gradient = m.parameter.grad();
    if (!gradient.defined()) continue;
    m.first.mul_(beta1_).add_(gradient, 1 - beta1_);
    m.second.mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
    m.parameter.addcdiv_(m.first, (m.second.sqrt() / std::sqrt(correction2)).add_(1e-8), -lr / correction1);
  }
}

std::string Adam::not_finite() const {
  const torch::NoGradGuard no_grad;
  // One look at the device for all parameters. A sum that is finite has only finite numbers. One that is not may have
  // overflowed: then each parameter is looked at.
  torch::Tensor sum;
  for (const Moments& m : moments_)
    if (m.parameter.grad().defined()) {
      const torch::Tensor part = m.parameter.grad().abs().sum().to(torch::kDouble);
      sum = sum.defined() ? sum + part : part;
    }
  if (!sum.defined() || std::isfinite(sum.item<double>())) return "";
  for (const Moments& m : moments_)
    if (m.parameter.grad().defined() && !m.parameter.grad().isfinite().all().item<bool>()) return m.name;
  return "";
}

std::map<std::string, torch::Tensor> Adam::state() const {
  std::map<std::string, torch::Tensor> out{{"step", torch::full({1}, steps_, torch::kInt64)}};
  for (const Moments& m : moments_) out[m.name + ".first"] = m.first, out[m.name + ".second"] = m.second;
  return out;
}

void Adam::restore(const std::map<std::string, torch::Tensor>& state) {
  const auto find = [&](const std::string& name, const torch::Tensor& like) {
    const auto found = state.find(name);
    if (found == state.end()) fail("the checkpoint has no optimiser state '", name, "'");
    if (like.defined() && found->second.sizes() != like.sizes())
      fail("the checkpoint's optimiser state '", name, "' has another size");
    return found->second;
  };
  steps_ = find("step", {}).item<int64_t>();
  for (Moments& m : moments_) {
    m.first.copy_(find(m.name + ".first", m.first));
    m.second.copy_(find(m.name + ".second", m.second));
  }
}

}  // namespace nr
