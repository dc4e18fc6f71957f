#include "training/player.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

std::vector<std::pair<std::string, torch::Tensor>> trained_parameters(const PlayerConfig& config, const Parts& parts) {
  std::vector<std::pair<std::string, torch::Tensor>> out;
  for (const auto& [name, module] : parts.list())
    for (const std::string& wanted : config.trains)
      if (name == wanted)
        for (const auto& item : module->named_parameters()) out.emplace_back(name + "." + item.key(), item.value());
  return out;
}

// While terms are computed a judge that does not learn from them tracks no gradients of its own, a third of its backward pass.
class Resting {
 public:
  explicit Resting(std::vector<torch::Tensor> parameters) : parameters_(std::move(parameters)) { set(false); }
  ~Resting() { set(true); }
  Resting(const Resting&) = delete;
  Resting& operator=(const Resting&) = delete;

 private:
  void set(bool on) {
    for (torch::Tensor& p : parameters_) p.requires_grad_(on);
  }
  std::vector<torch::Tensor> parameters_;
};

std::vector<torch::Tensor> judges_not_trained(const PlayerConfig& config, const Parts& parts) {
  std::vector<torch::Tensor> out;
  for (const auto& [name, module] : parts.list())
    if (name != "encoder" && name != "decoder" && std::find(config.trains.begin(), config.trains.end(), name) == config.trains.end())
      for (const torch::Tensor& p : module->parameters()) out.push_back(p);
  return out;
}

}  // namespace

std::vector<std::pair<std::string, torch::nn::Module*>> Parts::list() const {
  std::vector<std::pair<std::string, torch::nn::Module*>> out{{"encoder", &model->encoder()}, {"decoder", &model->decoder()}};
  if (latent_discriminator) out.emplace_back("latent_discriminator", latent_discriminator.get());
  if (waveform_discriminator) out.emplace_back("waveform_discriminator", waveform_discriminator.get());
  return out;
}

Player::Player(const std::string& name, const PlayerConfig& config, const Parts& parts)
    : name_(name), config_(config), resting_(judges_not_trained(config, parts)), optimiser_(trained_parameters(config, parts), config.betas) {}

bool Player::plays(int64_t step) const {
  return std::find(config_.turns.begin(), config_.turns.end(), step % config_.every) != config_.turns.end();
}

void Player::step(const LossInput& input, int64_t step, std::map<std::string, torch::Tensor>& journal) {
  for (int i = 0; i < config_.repeat; ++i) {
    optimiser_.clear_gradients();
    const torch::Tensor total = weighted_sum(input, step, journal);
    if (!total.defined()) return;
    total.backward();
    optimiser_.step(config_.lr.at(step));
  }
}

torch::Tensor Player::weighted_sum(const LossInput& given, int64_t step, std::map<std::string, torch::Tensor>& journal) const {
  const Resting resting(resting_);
  LossInput input = given;
  input.judged.clear();  // of judges that may have learned since
  input.heard_exchanged = input.heard_own = torch::Tensor();  // a graph is walked backward once
  torch::Tensor total;
  for (const auto& [name, weight] : config_.minimises) {
    const double w = weight.at(step);
    if (w == 0) continue;  // a term whose ramp has not begun costs nothing
    const torch::Tensor term = losses().at(name).term(input);
    journal[name_ + "/" + name] = term.detach();
    total = total.defined() ? total + w * term : w * term;
  }
  if (total.defined() && !std::isfinite(total.item<double>())) {
    std::string terms;
    for (const auto& [name, value] : journal) terms += text(terms.empty() ? "" : ", ", name, " ", value.item<double>());
    fail("training left the finite numbers (", terms, "); the last checkpoint is whole: lower the learning rate or a weight and --resume");
  }
  return total;
}

}  // namespace nr
