#include "training/adam.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace nr {
namespace {

TEST(Adam, StepsAsLibTorchsOwn) {
  torch::manual_seed(1);
  auto a = torch::randn({5, 3}).requires_grad_(), b = a.detach().clone().requires_grad_();
  Adam ours({{"a", a}}, {0.5, 0.9});
  torch::optim::Adam theirs({b}, torch::optim::AdamOptions(1e-2).betas({0.5, 0.9}));
  for (int i = 0; i < 20; ++i) {
    theirs.zero_grad();
    ours.backward((a * a - a).pow(2).sum());
    (b * b - b).pow(2).sum().backward();
    ours.step(1e-2);
    theirs.step();
  }
  EXPECT_TRUE(a.allclose(b, 1e-5, 1e-6));
}

TEST(Adam, RestoredGoesOnAsIfNeverStopped) {
  auto a = torch::ones({4}).requires_grad_(), b = torch::ones({4}).requires_grad_();
  const auto turn = [](Adam& adam, torch::Tensor& p) {
    adam.backward(p.pow(4).sum());
    adam.step(0.01);
  };
  Adam first({{"p", a}}, {0.9, 0.999});
  turn(first, a);
  b.data().copy_(a);
  Adam second({{"p", b}}, {0.9, 0.999});
  second.restore(first.state());
  turn(first, a);
  turn(second, b);
  EXPECT_TRUE(a.equal(b));
}

}  // namespace
}  // namespace nr
