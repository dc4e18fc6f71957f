// Batch normalisation over the examples of all ranks: two ranks of eight clips normalise as one process of sixteen. One
// process, and evaluation, do what LibTorch does.
#pragma once
#include <torch/torch.h>

namespace nr {

// As torch::batch_norm of x [n, channels, ...]. weight and bias, or mean and variance, may be undefined.
torch::Tensor batch_norm(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                         const torch::Tensor& mean, const torch::Tensor& variance, bool training, double momentum,
                         double epsilon);

// The module, of any number of dimensions; in a checkpoint it is as torch::nn::BatchNorm1d and 2d are.
class BatchNormImpl : public torch::nn::Module {
 public:
  static constexpr double kMomentum = 0.1, kEpsilon = 1e-5;

  explicit BatchNormImpl(int64_t channels, bool affine = true);
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight, bias;  // undefined where it is not affine

 private:
  torch::Tensor mean_, variance_, batches_;
};
TORCH_MODULE(BatchNorm);

}  // namespace nr
