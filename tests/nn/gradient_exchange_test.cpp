#include "nn/gradient_exchange.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

namespace nr {
namespace {

struct Sent {
  std::vector<torch::Tensor> bucket;
  bool all_there;  // when it left, did every parameter have its gradient?
};

// Three layers of 16 MB each, so that each is a bucket of its own.
TEST(GradientExchange, SendsTheLastLayersWhileTheFirstOnesAreStillComputed) {
  std::vector<torch::Tensor> layers;
  for (int i = 0; i < 3; ++i) layers.push_back(torch::full({2048, 2048}, 1e-3).requires_grad_());
  std::vector<Sent> sent;
  size_t waited = 0;
  GradientExchange exchange(layers, [&](const std::vector<torch::Tensor>& bucket) {
    bool all = true;
    for (const auto& p : layers) all = all && p.grad().defined();
    sent.push_back({bucket, all});
    return [&waited] { ++waited; };
  });
  auto x = torch::ones({1, 2048});
  for (const auto& p : layers) x = torch::tanh(x.matmul(p));
  exchange.backward(x.sum());
  ASSERT_EQ(sent.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(sent[i].bucket.size(), 1u);
    EXPECT_TRUE(sent[i].bucket[0].is_same(layers[2 - i].grad())) << i;
    EXPECT_EQ(sent[i].all_there, i == 2) << i;
  }
  EXPECT_EQ(waited, 3u);
}

TEST(GradientExchange, SendsNothingForALayerWithoutAGradient) {
  const auto used = torch::ones({2048, 2048}).requires_grad_(), unused = torch::ones({2048, 2048}).requires_grad_();
  std::vector<size_t> sizes;
  GradientExchange exchange({used, unused}, [&](const std::vector<torch::Tensor>& bucket) {
    sizes.push_back(bucket.size());
    return [] {};
  });
  exchange.backward(used.sum());
  EXPECT_THAT(sizes, testing::ElementsAre(1)) << "nothing is sent for what got no gradient";
  EXPECT_TRUE(used.grad().equal(torch::ones({2048, 2048})));
}

}  // namespace
}  // namespace nr
