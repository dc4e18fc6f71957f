#include "nn/fused.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "dsp/frame_filter.h"
#include "dsp/simd.h"

namespace nr {
namespace {

using Tensors = std::vector<torch::Tensor>;

// In floats, which have kernels, and in doubles, which have LibTorch's operators: the value and the gradients of a
// weighted sum of it by the first `learned` inputs, at every width of vectors.
template <class Operator>
void expect_equal_to_the_formula(const Operator& op, const Tensors& inputs, size_t learned) {
  const auto of = [&](torch::Dtype type) {
    Tensors leaves;
    for (size_t i = 0; i < inputs.size(); ++i) leaves.push_back(inputs[i].to(type).clone().requires_grad_(i < learned));
    const torch::Tensor y = op(leaves);
    (y * torch::linspace(-1, 2, y.numel(), y.options().requires_grad(false)).reshape(y.sizes())).sum().backward();
    Tensors out{y.detach()};
    for (size_t i = 0; i < learned; ++i) out.push_back(leaves[i].grad());
    return out;
  };
  const int widest = simd_width();
  const Tensors expected = of(torch::kDouble);
  for (const int width : {4, 8, 16}) {
    if (width > widest) break;
    simd_width() = width;
    const Tensors found = of(torch::kFloat);
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_TRUE(found[i].to(torch::kDouble).allclose(expected[i], 1e-5, 1e-6)) << i << ", width " << width;
  }
  simd_width() = widest;
}

TEST(ModSigmoid, EqualsItsFormula) {
  expect_equal_to_the_formula([](const Tensors& in) { return mod_sigmoid(in[0]); },
                              {torch::linspace(-30, 30, 3 * 2 * 37).reshape({3, 2, 37})}, 1);
  expect_equal_to_the_formula([](const Tensors& in) { return mod_sigmoid(in[0]); },
                              {torch::tensor({-1e4f, -200.f, -88.f, 88.f, 200.f, 1e4f})}, 1);
}

TEST(ModSigmoid, KeepsNaN) { EXPECT_TRUE(mod_sigmoid(torch::full({3}, NAN)).isnan().all().item<bool>()); }

TEST(Film, EqualsItsFormula) {
  expect_equal_to_the_formula([](const Tensors& in) { return film(in[0], in[1]); },
                              {torch::randn({3, 5, 19}), torch::randn({3, 10, 19})}, 2);
}

TEST(FilterFrames, EqualsItsFormula) {
  const int bins = 5;
  const std::vector<float> designed = design_frame_filter(bins);
  const auto responses = torch::tensor(designed).reshape({bins, -1});
  const auto op = [](const Tensors& in) { return filter_frames(in[0], in[1], in[2]); };
  for (const int frames : {1, 7, 45}) {
    const auto amplitudes = torch::rand({2, 4 * bins, frames});
    expect_equal_to_the_formula(op, {amplitudes, torch::randn({2, 4, frames}), responses}, 1);
    expect_equal_to_the_formula(op, {amplitudes, torch::randn({2, 4, 3 * frames}), responses}, 2);
  }
}

}  // namespace
}  // namespace nr
