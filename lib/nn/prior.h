// The torch side of a prior: what it knows of its dimensions' ranges, the diagonal shift, and the likelihood it is
// trained by.
#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "models/prior.h"
#include "nn/checkpoint.h"
#include "nn/graph_module.h"

namespace nr {

// Posterior means are not unit normal, so each dimension is counted in its own deviations, between its quantiles.
struct PriorRange {
  double mean = 0, deviation = 1;  // of the training split
  double low = 0, high = 1;        // lowest and highest level, in deviations from the mean: quantiles 0.1 % and 99.9 %
};

class Prior : public torch::nn::Module {
 public:
  Prior(const PriorConfig& config, int dimensions, int hop);
  // Sets ranges and marginals. values: [batch, dimensions, frames], as the decoder takes them: controls, then latents.
  void measure(const torch::Tensor& values);
  // Of the same values, in nats a frame, per dimension [dimensions]: minus the mean log-probability of each value's
  // level, given all that is drawn before it; and the same by the training split's histogram, whatever came before:
  // what a prior must beat. Of more frames than longest_delay().
  torch::Tensor nats(const torch::Tensor& values);
  torch::Tensor marginal_nats(const torch::Tensor& values) const;
  // The nearest levels, in deviations, dimension d later by delay_of(d) frames, and 0 before its first.
  torch::Tensor shifted_levels(const torch::Tensor& values) const;
  // [batch, dimensions, 3, mixtures, frames]: what the network says of each column of shifted levels, given those
  // before it.
  torch::Tensor next(const torch::Tensor& levels);

  const PriorConfig& config() const { return config_; }
  int dimensions() const { return dimensions_; }
  int longest_delay() const { return delay_of(config_, dimensions_ - 1); }
  std::vector<PriorRange> ranges() const;
  const GraphModule& network() const { return *network_; }

 private:
  torch::Tensor index_of(const torch::Tensor& values) const;       // of the nearest level
  torch::Tensor shifted(const torch::Tensor& rows) const;  // [batch, dimensions, frames], row d later by its delay
  torch::Tensor mean_of_known(const torch::Tensor& terms) const;   // of shifted rows, without what the shift brought in
  torch::Tensor column(const torch::Tensor& per_dimension) const { return per_dimension.unsqueeze(1); }
  PriorConfig config_;
  int dimensions_;
  std::shared_ptr<GraphModule> network_;
  torch::Tensor mean_, deviation_, low_, step_;  // [dimensions]
  torch::Tensor marginal_;                       // [dimensions, levels]: log-probabilities
};

// A prior with the frozen model that it was trained on, in eval mode: `train` leaves a copy of that model in the
// prior's folder.
struct TrainedPrior {
  TrainedModel base;
  std::shared_ptr<Prior> prior;
  std::filesystem::path base_file;
};
inline constexpr const char* kPriorBase = "model.safetensors";
// Whether the run folder or checkpoint holds a prior. Error when it cannot be read.
bool is_prior(const std::filesystem::path& run);
// A prior's folder (its newest checkpoint) or one of its checkpoints. Error when it is none, or belongs to another
// model than the one beside it.
TrainedPrior load_prior(const std::filesystem::path& run_or_file);

}  // namespace nr
