// Adam (Kingma and Ba, arXiv:1412.6980) with its moments as named tensors: torch::optim's state is keyed differently in
// every LibTorch from 1.13 to 2.x, and a resumed run must find it by name.
#pragma once
#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "nn/gradient_exchange.h"

namespace nr {

class Adam {
 public:
  // parameters: by name; betas: two decay rates.
  Adam(const std::vector<std::pair<std::string, torch::Tensor>>& parameters, const std::vector<double>& betas);
  // The gradients of a scalar, and of no other; averages over all ranks (nn/gradient_exchange.h).
  void backward(const torch::Tensor& scalar);
  void step(double lr);
  // Scales all gradients by one number such that the norm of all of them is at most `most`. Nothing leaves the device.
  void clip(double most);
  // The name of a parameter whose gradient is not finite; empty: all are. Of parameters on the CPU.
  std::string not_finite() const;
  torch::Tensor gradient_sum() const;  // of all magnitudes, a double on their device: finite where all of them are
  std::map<std::string, torch::Tensor> state() const;               // "<parameter>.first", ".second", and "step"
  void restore(const std::map<std::string, torch::Tensor>& state); // Error when a moment is missing

 private:
  struct Moments {
    std::string name;
    torch::Tensor parameter, first, second;
  };
  std::vector<Moments> moments_;
  GradientExchange exchange_;
  double beta1_, beta2_;
  int64_t steps_ = 0;
};

}  // namespace nr
