#include "training/forward.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

// Four clips of constant curves; the first two are asked.
struct Exchange {
  std::vector<std::string> controls{"rms", "centroid"};
  std::vector<std::vector<float>> knobs{{0.0f, 0.5f}, {0.9f, 0.1f}, {0.1f, -0.8f}, {0.8f, 0.6f}};
  RaveConfig config;
  Batch batch;
  std::shared_ptr<Autoencoder> model;

  Exchange() {
    config.bands = 4, config.capacity = 4, config.ratios = {4, 4, 2}, config.latent_size = 3;
    model = std::make_shared<Autoencoder>(config, 2);
    batch.audio = torch::randn({4, 1, 1024});
    batch.active = torch::ones({4, 8});
    batch.controls = torch::empty({4, 2, 8});
    for (int i = 0; i < 4; ++i)
      for (int k = 0; k < 2; ++k) batch.controls[i][k].fill_(knobs[i][k]);
  }
  // The donor of each knob asked of clip i; -1 where it is the clip's own.
  std::vector<int> donors(const Outputs& out, int i) const {
    std::vector<int> found;
    for (int k = 0; k < 2; ++k) {
      const float asked = out.asked[i][k][0].item<float>();
      int donor = 0;
      while (knobs[donor][k] != asked) ++donor;
      found.push_back(donor == i ? -1 : donor);
    }
    return found;
  }
};

TEST(Forward, ExchangesWithOneOtherClipOfTheBatch) {
  Exchange e;
  int all = 0, one = 0;
  for (int seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const Outputs out = forward(*e.model, e.batch, {false, true, true}, e.controls, random);
    ASSERT_EQ(out.asked.size(0), 2);
    ASSERT_EQ(out.exchanged.size(0), 2);
    for (int i = 0; i < 2; ++i) {
      const auto d = e.donors(out, i);
      if (d[0] >= 0 && d[1] >= 0) {
        EXPECT_EQ(d[0], d[1]);
      }
      all += d[0] >= 0 && d[1] >= 0, one += (d[0] >= 0) != (d[1] >= 0);
    }
  }
  EXPECT_NEAR(all / 120.0, 0.625, 0.15);  // half of the steps, and by chance in a quarter of the others
  EXPECT_NEAR(one / 120.0, 0.25, 0.15);
}

TEST(Forward, TakesTheDonorNearestInWhatIsHeldWhereItShouldBeFeasible) {
  Exchange e;
  int one = 0;
  for (int seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const Outputs out = forward(*e.model, e.batch, {false, true, true, 1}, e.controls, random);
    for (int i = 0; i < 2; ++i) {
      const auto d = e.donors(out, i);
      if ((d[0] >= 0) == (d[1] >= 0)) continue;
      ++one;
      const int held = d[0] >= 0 ? 1 : 0, donor = d[1 - held];
      for (int j = 0; j < 4; ++j)
        if (j != i) {
          EXPECT_LE(std::fabs(e.knobs[i][held] - e.knobs[donor][held]), std::fabs(e.knobs[i][held] - e.knobs[j][held]));
        }
    }
  }
  EXPECT_GT(one, 10);
}

}  // namespace
}  // namespace nr
