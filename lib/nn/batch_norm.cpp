#include "nn/batch_norm.h"

#include "nn/ranks.h"

namespace nr {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// [channels] as it stands beside x.
Tensor beside(const Tensor& statistic, const Tensor& x) {
  std::vector<int64_t> shape(size_t(x.dim()), 1);
  shape[1] = -1;
  return statistic.view(shape);
}

Tensor sum_of_channels(const Tensor& x) {
  std::vector<int64_t> all;
  for (int64_t i = 0; i < x.dim(); ++i)
    if (i != 1) all.push_back(i);
  return x.sum(all, false, torch::kDouble);
}

struct Normalised : torch::autograd::Function<Normalised> {
  // mean, deviation: [channels], of all ranks; count: numbers of a channel on all ranks. -> (x - mean) / deviation
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& mean, const Tensor& deviation,
                        double count) {
    const Tensor out = (x - beside(mean, x)) / beside(deviation, x);
    context->save_for_backward({out, deviation});
    context->saved_data["count"] = count;
    return out;
  }
  static variable_list backward(AutogradContext* context, const variable_list& above) {
    const auto saved = context->get_saved_variables();
    const Tensor &out = saved[0], &deviation = saved[1], &g = above[0];
    Tensor sums = torch::stack({sum_of_channels(g), sum_of_channels(g * out)});
    sum_over_ranks(sums);
    const Tensor means = (sums / context->saved_data["count"].toDouble()).to(g.scalar_type());
    return {(g - beside(means[0], g) - out * beside(means[1], g)) / beside(deviation, g), {}, {}, {}};
  }
};

}  // namespace

Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& mean,
                  const Tensor& variance, bool training, double momentum, double epsilon) {
  if (!training || ranks().count == 1)
    return torch::batch_norm(x, weight, bias, mean, variance, training, momentum, epsilon, false);
  Tensor found_mean, found_variance;
  double count = 0;
  {
    const torch::NoGradGuard no_grad;
    const Tensor own = torch::full({1}, double(x.numel() / x.size(1)), x.options().dtype(torch::kDouble));
    Tensor sums = torch::cat({sum_of_channels(x), sum_of_channels(x.to(torch::kDouble).square()), own});
    sum_over_ranks(sums);
    const int64_t channels = x.size(1);
    count = sums[2 * channels].item<double>();
    found_mean = sums.narrow(0, 0, channels) / count;
    found_variance = (sums.narrow(0, channels, channels) / count - found_mean.square()).clamp_min(0);
    if (mean.defined()) {
      Tensor(mean).lerp_(found_mean.to(mean.scalar_type()), momentum);
      Tensor(variance).lerp_((found_variance * (count / (count - 1))).to(variance.scalar_type()), momentum);
    }
  }
  const Tensor deviation = (found_variance + epsilon).sqrt().to(x.scalar_type());
  Tensor out = Normalised::apply(x, found_mean.to(x.scalar_type()), deviation, count);
  if (weight.defined()) out = out * beside(weight, x);
  if (bias.defined()) out = out + beside(bias, x);
  return out;
}

BatchNormImpl::BatchNormImpl(int64_t channels, bool affine) {
  if (affine) weight = register_parameter("weight", torch::ones({channels}));
  if (affine) bias = register_parameter("bias", torch::zeros({channels}));
  mean_ = register_buffer("running_mean", torch::zeros({channels}));
  variance_ = register_buffer("running_var", torch::ones({channels}));
  batches_ = register_buffer("num_batches_tracked", torch::zeros({}, torch::kLong));
}

Tensor BatchNormImpl::forward(const Tensor& x) {
  if (is_training()) batches_ += 1;
  return batch_norm(x, weight, bias, mean_, variance_, is_training(), kMomentum, kEpsilon);
}

}  // namespace nr
