#include "nn/moments.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace nr {
namespace {

TEST(Moments, AreThoseOfAllFramesHoweverTheyComeInBatches) {
  torch::manual_seed(1);
  const auto frames =
      torch::randn({5, 1000}) * torch::tensor({1.0, 0.01, 30.0, 1.0, 1.0}).unsqueeze(1).to(torch::kFloat) +
      torch::tensor({0.0, 100.0, -3.0, 1.0, 0.0}).unsqueeze(1).to(torch::kFloat);
  const auto exact = frames.to(torch::kDouble);
  for (const std::vector<int64_t>& sizes :
       {std::vector<int64_t>{1000}, {1, 999}, {400, 0, 600}, {7, 500, 1, 92, 400}}) {
    Moments m;
    int64_t at = 0;
    for (const int64_t size : sizes) m.add(frames.narrow(1, at, size).unsqueeze(0)), at += size;
    EXPECT_EQ(m.frames, 1000);
    EXPECT_LE((m.mean - exact.mean(1)).abs().max().item<double>(), 1e-11);
    EXPECT_LE((m.deviation() - exact.std(1, false)).abs().max().item<double>(), 1e-11);
  }
  Moments batched;
  batched.add(frames.reshape({5, 4, 250}).transpose(0, 1));
  EXPECT_EQ(batched.frames, 1000);
  EXPECT_LE((batched.deviation() - exact.std(1, false)).abs().max().item<double>(), 1e-11);
}

TEST(Moments, CallAChannelConstantThatMovesOnlyByRounding) {
  auto x = torch::zeros({1, 5, 100});
  x.select(1, 1).fill_(0.1);
  x.select(1, 2).fill_(1000), x[0][2][50] = std::nextafter(1000.0f, 2000.0f);
  x.select(1, 3).copy_(torch::linspace(0, 1e-4, 100));
  x.select(1, 4).fill_(1000), x[0][4][50] = 1001;
  Moments m;
  m.add(x.narrow(2, 0, 33)), m.add(x.narrow(2, 33, 67));
  EXPECT_TRUE(m.constant().equal(torch::tensor({true, true, true, false, false})));
}

}  // namespace
}  // namespace nr
