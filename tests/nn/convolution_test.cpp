#include "nn/convolution.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "dsp/simd.h"
#include "nn/transposed_convolution.h"

namespace nr {
namespace {

struct Case {
  const char* name;
  std::vector<int64_t> x, weight;
  int64_t stride, dilation, groups, before, after;
  double slope;
  bool transposed, normed;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"dilated", {2, 16, 100}, {16, 16, 3}, 1, 3, 1, 6, 0, 0.2, false, true},
      {"odd", {3, 5, 37}, {7, 5, 3}, 1, 2, 1, 3, 1, 0.1, false, true},
      {"strided", {2, 3, 29}, {5, 3, 7}, 3, 1, 1, 4, 2, 0.2, false, false},
      {"analysis", {2, 1, 256}, {16, 1, 64}, 16, 1, 1, 48, 0, 1, false, false},
      {"grouped", {2, 12, 20}, {6, 6, 5}, 1, 1, 2, 4, 0, 0.2, false, true},
      {"pointwise", {2, 4, 50}, {18, 4, 1}, 1, 1, 1, 0, 0, 1, false, false},
      {"one frame", {2, 3, 1}, {4, 3, 3}, 1, 1, 1, 2, 0, 0.2, false, true},
      {"no activation below", {1, 2, 40}, {3, 2, 3}, 1, 1, 1, 2, 0, 0, false, true},
      {"up", {2, 9, 33}, {9, 5, 8}, 4, 1, 1, 0, 4, 0.2, true, true},
      {"up with look-ahead", {2, 3, 13}, {3, 5, 7}, 3, 1, 1, 2, 2, 0.2, true, true},
      {"synthesis", {2, 16, 20}, {16, 1, 64}, 16, 1, 1, 0, 48, 1, true, false},
      {"up beyond its end", {1, 2, 8}, {2, 3, 4}, 4, 1, 1, 2, -2, 0.2, true, false},
  };
  return all;
}

// y and the gradients of a weighted sum of y by input, weight, gain and bias.
std::vector<torch::Tensor> of(const Case& c, torch::Dtype type) {
  torch::manual_seed(3);
  ConvolutionLayer l;
  const auto leaf = [&](const torch::Tensor& t) { return t.to(type).requires_grad_(); };
  const auto x = leaf(torch::randn(c.x));
  l.weight = leaf(torch::randn(c.weight));
  if (c.normed) l.gain = leaf(torch::rand({c.weight[0], 1, 1}) + 0.5);
  l.bias = leaf(torch::randn({c.transposed ? c.weight[1] : c.weight[0]}));
  l.stride = c.stride, l.dilation = c.dilation, l.groups = c.groups, l.before = c.before, l.after = c.after;
  l.slope = c.slope, l.transposed = c.transposed;
  const auto y = convolve(l, x);
  (y * torch::linspace(-1, 2, y.numel(), y.options().requires_grad(false)).reshape(y.sizes())).sum().backward();
  std::vector<torch::Tensor> out{y.detach(), x.grad(), l.weight.grad(), l.bias.grad()};
  if (c.normed) out.push_back(l.gain.grad());
  return out;
}

TEST(Convolve, InFloatsEqualsTheFormulaInDoublesAtEveryWidthOfVectors) {
  const int widest = simd_width();
  for (const int width : {4, 8, 16}) {
    if (width > widest) break;
    simd_width() = width;
    for (const Case& c : cases()) {
      const auto found = of(c, torch::kFloat), expected = of(c, torch::kDouble);
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(found[i].sizes(), expected[i].sizes()) << c.name << " " << i;
        const double error =
            ((found[i].to(torch::kDouble) - expected[i]).norm() / expected[i].norm().clamp_min(1e-3)).item<double>();
        EXPECT_LT(error, 1e-5) << c.name << ", number " << i << ", width " << width;
      }
    }
  }
  simd_width() = widest;
}

TEST(Convolve, DoesNotDependOnThreads) {
  const int threads = at::get_num_threads();
  for (const Case& c : cases()) {
    if (c.x[2] < 8) continue;  // LibTorch's
    at::set_num_threads(1);
    const auto one = of(c, torch::kFloat);
    at::set_num_threads(3);
    const auto three = of(c, torch::kFloat);
    for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(three[i])) << c.name << " " << i;
  }
  at::set_num_threads(threads);
}

TEST(Convolve, GivesAFrozenFilterNoGradient) {
  ConvolutionLayer l;
  l.weight = torch::randn({4, 3, 3}), l.before = 2;
  const auto x = torch::randn({1, 3, 20}).requires_grad_();
  convolve(l, x).sum().backward();
  EXPECT_TRUE(x.grad().defined());
  EXPECT_FALSE(l.weight.grad().defined());
}

TEST(Convolve, OfATransposedTensorIsThatOfItsCopy) {
  ConvolutionLayer l;
  l.weight = torch::randn({4, 3, 3}), l.before = 2;
  const auto x = torch::randn({2, 20, 3}).transpose(1, 2);
  EXPECT_TRUE(convolve(l, x).equal(convolve(l, x.contiguous())));
}

TEST(TransposedConvolution2d, IsLibTorchsWithItsGradients) {
  for (const int64_t dilation : {1, 2, 8})
    for (const int64_t stride : {1, 2}) {
      torch::manual_seed(2);
      TransposedConvolution2d ours(torch::nn::ConvTranspose2dOptions(3, 5, 3)
                                       .stride(stride)
                                       .dilation(dilation)
                                       .padding(dilation)
                                       .output_padding(stride - 1));
      const auto x = torch::randn({2, 3, 9, 6}).requires_grad_();
      const auto run = [&](const torch::Tensor& y) {
        return torch::autograd::grad({y.square().sum()}, {x, ours->weight, ours->bias});
      };
      const auto y = ours->forward(x), wanted = ours->torch::nn::ConvTranspose2dImpl::forward(x);
      EXPECT_TRUE(y.allclose(wanted, 1e-4, 1e-5)) << dilation << " " << stride;
      const auto found = run(y), reference = run(wanted);
      for (size_t i = 0; i < found.size(); ++i)
        EXPECT_TRUE(found[i].allclose(reference[i], 1e-4, 1e-3)) << dilation << " " << stride << " " << i;
    }
}

TEST(Convolve, KeepsNaN) {
  ConvolutionLayer l;
  l.weight = torch::ones({2, 2, 3}), l.before = 2, l.slope = 0.2;
  auto x = torch::zeros({1, 2, 40});
  x[0][1][30] = NAN;
  const auto y = convolve(l, x);
  EXPECT_EQ(y.isnan().sum().item<int64_t>(), 2 * 3);
}

}  // namespace
}  // namespace nr
