#include "nn/graph_module.h"

#include <gtest/gtest.h>

#include "models/model.h"

namespace nr {
namespace {

RaveConfig tiny() {
  RaveConfig c;
  c.bands = 4, c.capacity = 4, c.ratios = {4, 2}, c.latent_size = 3;
  return c;
}

TEST(GraphModule, ACausalGraphsOutputDependsOnNothingAfterItsTick) {
  torch::manual_seed(1);
  const ModelGraphs graphs = describe(tiny(), 2);
  GraphModule whole(graphs.whole);
  whole.eval();
  torch::NoGradGuard no_grad;
  const auto x = torch::randn({1, 1, 32 * 16}), c = torch::randn({1, 2, 16});
  auto later = x.clone(), later_c = c.clone();
  later.narrow(-1, 32 * 8, 32 * 8).normal_();
  later_c.narrow(-1, 8, 8).normal_();
  const auto a = whole.run({{"audio", x}, {"controls", c}})["audio"], b = whole.run({{"audio", later}, {"controls", later_c}})["audio"];
  EXPECT_EQ(a.size(-1), 32 * 16);
  EXPECT_TRUE(a.narrow(-1, 0, 32 * 8).allclose(b.narrow(-1, 0, 32 * 8), 0, 1e-6));
  EXPECT_FALSE(a.allclose(b));
}

TEST(GraphModule, FilterBankReconstructsNoiseWithin59DecibelsAfterItsDelay) {
  const RaveConfig config = tiny();
  const ModelGraphs graphs = describe(config, 0);
  GraphModule encoder(graphs.encoder), synthesis(graphs.synthesis);
  torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  const auto x = torch::randn({1, 1, 4096});
  const auto y = synthesis.run({{"bands", encoder.run({{"audio", x}})["bands"]}})["audio"];
  const auto error = (y.narrow(-1, graphs.delay + 512, 2048) - x.narrow(-1, 512, 2048)).pow(2).mean() / x.narrow(-1, 512, 2048).pow(2).mean();
  EXPECT_LT(10 * std::log10(error.item<double>()), -59);
}

TEST(GraphModule, ANonCausalFilterBankIsAlignedWithinOneBandFrame) {
  RaveConfig config = tiny();
  config.causal = false;
  EXPECT_LE(std::abs(describe(config, 0).delay), config.bands);
}

}  // namespace
}  // namespace nr
