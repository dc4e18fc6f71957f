#include "systems/exchange.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace nr {
namespace {

// Four clips of constant curves. The first two are asked.
struct Clips {
  std::vector<std::string> controls{"rms", "centroid"};
  std::vector<std::vector<float>> curves{{0.0f, 0.5f}, {0.9f, 0.1f}, {0.1f, -0.8f}, {0.8f, 0.6f}};
  Batch batch;

  Clips() {
    batch.audio = torch::randn({4, 1, 1024});
    batch.active = torch::ones({4, 8});
    batch.controls = torch::empty({4, 2, 8});
    for (int i = 0; i < 4; ++i)
      for (int k = 0; k < 2; ++k) batch.controls[i][k].fill_(curves[i][k]);
  }
  // The donor of each control asked of clip i; -1 where it is the clip's own.
  std::vector<int> donors(const Exchange& out, int i) const {
    std::vector<int> found;
    for (int k = 0; k < 2; ++k) {
      const float asked = out.controls[i][k][0].item<float>();
      int donor = 0;
      while (curves[donor][k] != asked) ++donor;
      found.push_back(donor == i ? -1 : donor);
    }
    return found;
  }
};

TEST(Exchange, IsWithOneOtherClipOfTheBatch) {
  Clips clips;
  int all = 0, one = 0;
  for (int seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const Exchange out = exchange_controls(clips.batch, clips.controls, {0, 0}, random);
    ASSERT_EQ(out.controls.size(0), 2);
    for (int i = 0; i < 2; ++i) {
      const auto d = clips.donors(out, i);
      if (d[0] >= 0 && d[1] >= 0) {
        EXPECT_EQ(d[0], d[1]);
      }
      all += d[0] >= 0 && d[1] >= 0, one += (d[0] >= 0) != (d[1] >= 0);
    }
  }
  EXPECT_NEAR(all / 120.0, 0.625, 0.15);  // half of the steps, and by chance in a quarter of the others
  EXPECT_NEAR(one / 120.0, 0.25, 0.15);
}

TEST(Exchange, TakesTheDonorNearestInWhatIsHeldWhereItShouldBeFeasible) {
  Clips clips;
  int one = 0;
  for (int seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const Exchange out = exchange_controls(clips.batch, clips.controls, {1, 0}, random);
    for (int i = 0; i < 2; ++i) {
      const auto d = clips.donors(out, i);
      if ((d[0] >= 0) == (d[1] >= 0)) continue;
      ++one;
      const int held = d[0] >= 0 ? 1 : 0, donor = d[1 - held];
      const auto apart = [&](int j) { return std::fabs(clips.curves[i][held] - clips.curves[j][held]); };
      for (int j = 0; j < 4; ++j)
        if (j != i) {
          EXPECT_LE(apart(donor), apart(j));
        }
    }
  }
  EXPECT_GT(one, 10);
}

TEST(Exchange, MovesTheWholeCurveOfThePitchAndNothingElse) {
  Clips clips;
  clips.controls = {"rms", "pitch"};
  double least = 9, most = -9;
  for (int seed = 0; seed < 60; ++seed) {
    Random random(seed), same(seed);
    const Exchange moved = exchange_controls(clips.batch, clips.controls, {0, 0.25}, random),
                   held = exchange_controls(clips.batch, clips.controls, {0, 0}, same);
    EXPECT_TRUE(torch::equal(moved.controls.select(1, 0), held.controls.select(1, 0)));
    for (int i = 0; i < 2; ++i) {
      const auto step = (moved.controls[i][1] - held.controls[i][1]).abs().max().item<double>();
      const auto sign = (moved.controls[i][1] - held.controls[i][1]).mean().item<double>();
      EXPECT_LE(step, 0.25 + 1e-6);
      least = std::min(least, sign), most = std::max(most, sign);
    }
  }
  EXPECT_LT(least, -0.1);
  EXPECT_GT(most, 0.1);
}

TEST(Exchange, CountsWhereTheDonorAndTheLevelSound) {
  Clips clips;
  clips.batch.active[2].zero_();  // a silent clip: what comes from it counts nowhere
  for (int seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const Exchange out = exchange_controls(clips.batch, clips.controls, {0, 0}, random);
    for (int i = 0; i < 2; ++i) {
      const auto d = clips.donors(out, i);
      EXPECT_EQ(out.active[i][0].sum().item<float>(), d[0] == 2 ? 0 : 8);
      EXPECT_EQ(out.active[i][1].sum().item<float>(), d[0] == 2 || d[1] == 2 ? 0 : 8);
    }
  }
}

}  // namespace
}  // namespace nr
