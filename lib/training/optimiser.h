// One optimiser of a phase: Adam over some parts. weighted_sum() is the only expression that knows weights.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "losses/table.h"
#include "run/run.h"
#include "training/adam.h"

namespace nr {

using Terms = std::map<std::string, torch::Tensor>;  // "<optimiser>/<loss>" -> its value, for the journal

class Optimiser {
 public:
  Optimiser(const std::string& name, const OptimiserConfig& config, const Parts& parts);
  // Steps count from the phase's beginning.
  bool due(int64_t step) const;
  // Adds to `reads` what its losses of this step read; those of weight 0 cost nothing.
  void add_reads(int64_t step, std::vector<std::string>& reads) const;
  // Updates its parts `repeat` times. Adds its losses to `terms`, as the last update found them. Error, and the parts
  // are as they were before this update, when the sum or a gradient is not finite. On a device, which a step does not
  // wait for, check() finds it.
  void update(const LossInput& input, int64_t step, Terms& terms);
  // Error when a sum or gradient was not finite since the last check: to be called before anything is saved.
  void check(const Terms& terms);

  const std::string& name() const { return name_; }
  Adam& adam() { return adam_; }

 private:
  // Undefined when all weights are 0.
  torch::Tensor weighted_sum(const LossInput& input, int64_t step, Terms& terms) const;

  std::string name_;
  OptimiserConfig config_;
  std::vector<torch::Tensor> others_;  // parameters of the parts that it does not train
  Adam adam_;
  torch::Tensor finite_;  // on a device: whether all was since the last check
};

}  // namespace nr
