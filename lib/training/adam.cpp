#include "training/adam.h"

#include <torch/torch.h>

#include <cmath>

#include "base/error.h"
#include "dsp/simd.h"

namespace nr {
namespace {

// A parameter's step in one pass; with parameter null, whether its gradient is finite.
struct AdamPass {
  const float* gradient;
  float *parameter, *first, *second;
  int64_t count;
  float beta1, beta2, rate, root_correction;  // lr / (1 - beta1^steps), 1 / sqrt(1 - beta2^steps)
  bool finite;
};

template <class F>
NR_KERNEL void step_at(const AdamPass& p, int64_t i) {
  const auto at = [i](auto* x) -> F& { return *reinterpret_cast<F*>(const_cast<float*>(x) + i); };
  const F g = at(p.gradient);
  const F m = at(p.first) = at(p.first) * p.beta1 + g * (1 - p.beta1);
  const F v = at(p.second) = at(p.second) * p.beta2 + g * g * (1 - p.beta2);
  F root;
  if constexpr (sizeof(F) == sizeof(float))
    root = std::sqrt(v);
  else
    for (size_t l = 0; l < sizeof(F) / sizeof(float); ++l) root[l] = __builtin_sqrtf(v[l]);
  at(p.parameter) -= p.rate * m / (root * p.root_correction + 1e-8f);
}

template <int W>
NR_KERNEL void run_pass(AdamPass& p) {
  int64_t i = 0;
  if (p.parameter) {
    for (; i + W <= p.count; i += W) step_at<Floats<W>>(p, i);
    for (; i < p.count; ++i) step_at<float>(p, i);
    return;
  }
  Floats<W> none{};  // x - x is 0 where x is finite, else NaN
  for (; i + W <= p.count; i += W) {
    const Floats<W> x = *reinterpret_cast<const Floats<W>*>(p.gradient + i);
    none += x - x;
  }
  float rest = 0;
  for (; i < p.count; ++i) rest += p.gradient[i] - p.gradient[i];
  for (int l = 0; l < W; ++l) rest += none[l];
  p.finite = rest == 0;
}
NR_AT_WIDEST(run_adam, run_pass, AdamPass)

bool plain(const torch::Tensor& t) { return t.is_cpu() && t.scalar_type() == torch::kFloat && t.is_contiguous(); }

bool all_finite(const torch::Tensor& t) {
  if (!plain(t)) return t.isfinite().all().item<bool>();
  AdamPass p{};
  p.gradient = t.data_ptr<float>(), p.count = t.numel();
  run_adam(p);
  return p.finite;
}

std::vector<torch::Tensor> tensors_of(const std::vector<std::pair<std::string, torch::Tensor>>& parameters) {
  std::vector<torch::Tensor> out;
  for (const auto& [name, parameter] : parameters) out.push_back(parameter);
  return out;
}

}  // namespace

Adam::Adam(const std::vector<std::pair<std::string, torch::Tensor>>& parameters, const std::vector<double>& betas)
    : exchange_(tensors_of(parameters)), beta1_(betas[0]), beta2_(betas[1]) {
  for (const auto& [name, parameter] : parameters)
    moments_.push_back({name, parameter, torch::zeros_like(parameter), torch::zeros_like(parameter)});
}

void Adam::backward(const torch::Tensor& scalar) {
  for (Moments& m : moments_) m.parameter.mutable_grad() = torch::Tensor();
  exchange_.backward(scalar);
}

void Adam::clip(double most) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> norms;
  for (const Moments& m : moments_)
    if (m.parameter.grad().defined()) norms.push_back(m.parameter.grad().norm().to(torch::kDouble));
  if (norms.empty()) return;
  const torch::Tensor scale = (most / torch::stack(norms).norm()).clamp_max(1).to(torch::kFloat);
  for (Moments& m : moments_)
    if (m.parameter.grad().defined()) m.parameter.mutable_grad().mul_(scale);
}

void Adam::step(double lr) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  const double correction1 = 1 - std::pow(beta1_, double(steps_)), correction2 = 1 - std::pow(beta2_, double(steps_));
  for (Moments& m : moments_) {
    const torch::Tensor gradient = m.parameter.grad();
    if (!gradient.defined()) continue;
    if (plain(gradient) && plain(m.parameter)) {
      AdamPass p{};
      p.gradient = gradient.data_ptr<float>(), p.parameter = m.parameter.data_ptr<float>();
      p.first = m.first.data_ptr<float>(), p.second = m.second.data_ptr<float>(), p.count = gradient.numel();
      p.beta1 = float(beta1_), p.beta2 = float(beta2_), p.rate = float(lr / correction1);
      p.root_correction = float(1 / std::sqrt(correction2));
      run_adam(p);
      continue;
    }
    m.first.mul_(beta1_).add_(gradient, 1 - beta1_);
    m.second.mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
    m.parameter.addcdiv_(m.first, (m.second.sqrt() / std::sqrt(correction2)).add_(1e-8), -lr / correction1);
  }
}

std::string Adam::not_finite() const {
  const torch::NoGradGuard no_grad;
  for (const Moments& m : moments_)
    if (m.parameter.grad().defined() && !all_finite(m.parameter.grad())) return m.name;
  return "";
}

torch::Tensor Adam::gradient_sum() const {
  const torch::NoGradGuard no_grad;
  torch::Tensor sum;
  for (const Moments& m : moments_)
    if (m.parameter.grad().defined()) {
      const torch::Tensor part = m.parameter.grad().to(torch::kDouble).abs().sum();
      sum = sum.defined() ? sum + part : part;
    }
  return sum.defined() ? sum : torch::zeros({}, torch::kDouble);
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
