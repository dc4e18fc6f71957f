#include "training/optimiser.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/names.h"

namespace nr {
namespace {

std::vector<std::pair<std::string, torch::Tensor>> trained_parameters(const OptimiserConfig& config,
                                                                      const Parts& parts) {
  std::vector<std::pair<std::string, torch::Tensor>> out;
  for (const Part& part : parts)
    if (contains(config.parts, part.name))
      for (const auto& item : part.module->named_parameters())
        out.emplace_back(part.name + "." + item.key(), item.value());
  return out;
}

std::vector<torch::Tensor> other_parameters(const OptimiserConfig& config, const Parts& parts) {
  std::vector<torch::Tensor> out;
  for (const Part& part : parts)
    if (!contains(config.parts, part.name))
      for (const torch::Tensor& p : part.module->parameters()) out.push_back(p);
  return out;
}

// While the losses are computed, parts that do not learn from them track no gradients of their own: of a discriminator
// a third of its backward pass.
class Frozen {
 public:
  explicit Frozen(std::vector<torch::Tensor> parameters) : parameters_(std::move(parameters)) { set(false); }
  ~Frozen() { set(true); }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  void set(bool on) {
    for (torch::Tensor& p : parameters_) p.requires_grad_(on);
  }
  std::vector<torch::Tensor> parameters_;
};

[[noreturn]] void fail_not_finite(const std::string& what, const Terms& terms) {
  std::string values;
  for (const auto& [name, value] : terms) values += text(values.empty() ? "" : ", ", name, " ", value.item<double>());
  fail("training left the finite numbers: ", what, " (", values,
       "); the last checkpoint is whole: lower the learning rate or a weight, then --resume with --accept config");
}

}  // namespace

Optimiser::Optimiser(const std::string& name, const OptimiserConfig& config, const Parts& parts)
    : name_(name),
      config_(config),
      others_(other_parameters(config, parts)),
      adam_(trained_parameters(config, parts), config.betas) {}

bool Optimiser::due(int64_t step) const {
  return std::find(config_.offsets.begin(), config_.offsets.end(), step % config_.every) != config_.offsets.end();
}

void Optimiser::add_reads(int64_t step, std::vector<std::string>& reads) const {
  for (const auto& [name, weight] : config_.losses)
    if (weight.at(step) != 0)
      for (const char* read : losses().at(name).reads) reads.push_back(read);
}

void Optimiser::update(const LossInput& input, int64_t step, Terms& terms) {
  for (int i = 0; i < config_.repeat; ++i) {
    input.values.begin_update();
    const torch::Tensor total = weighted_sum(input, step, terms);
    if (!total.defined()) return;
    const bool at_once = total.is_cpu();
    if (at_once && !std::isfinite(total.item<double>())) fail_not_finite("a loss of the optimiser " + name_, terms);
    adam_.backward(total);
    if (!at_once) {
      const torch::Tensor now = (total.detach() + adam_.gradient_sum()).isfinite();
      finite_ = finite_.defined() ? finite_.logical_and(now) : now;
    } else if (const std::string parameter = adam_.not_finite(); !parameter.empty()) {
      fail_not_finite("the gradient of " + parameter + ", optimiser " + name_, terms);
    }
    if (config_.clip > 0) adam_.clip(config_.clip);
    adam_.step(config_.lr.at(step));
  }
}

void Optimiser::check(const Terms& terms) {
  if (finite_.defined() && !finite_.item<bool>())
    fail_not_finite("a loss or gradient of the optimiser " + name_, terms);
  finite_ = torch::Tensor();
}

torch::Tensor Optimiser::weighted_sum(const LossInput& input, int64_t step, Terms& terms) const {
  const Frozen frozen(others_);
  torch::Tensor total;
  for (const auto& [name, weight] : config_.losses) {
    const double w = weight.at(step);
    if (w == 0) continue;
    const torch::Tensor value = losses().at(name).value(input);
    terms[name_ + "/" + name] = value.detach();
    total = total.defined() ? total + w * value : w * value;
  }
  return total;
}

}  // namespace nr
