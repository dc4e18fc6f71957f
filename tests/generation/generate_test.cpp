#include "generation/generate.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "generation/sampler.h"
#include "support/errors.h"
#include "support/tiny_prior.h"

namespace nr {
namespace {
using testing::HasSubstr;

constexpr int kDimensions = 5;

std::shared_ptr<Prior> random_prior() {
  torch::manual_seed(4);
  PriorConfig config;
  config.width = 12, config.dilations = {1, 2, 4}, config.mixtures = 3;
  auto prior = std::make_shared<Prior>(config, kDimensions, 64);
  const torch::NoGradGuard no_grad;
  for (auto& parameter : prior->parameters()) parameter.mul_(2.5);
  prior->measure(torch::randn({1, kDimensions, 4000}) * torch::tensor({1.0, 2.0, 0.1, 1.0, 5.0}).unsqueeze(1) + 0.3);
  return prior;
}

TEST(DrawCurves, AreWhatLibTorchSaysIsLikeliestOfTheirOwnPastWithoutTemperature) {
  const auto prior = random_prior();
  constexpr int kFrames = 60;
  std::vector<float> wave(kFrames);
  for (int t = 0; t < kFrames; ++t) wave[t] = float(std::sin(0.3 * t));
  const Curves drawn = draw_curves(*prior, kFrames, {0, 1}, {{}, wave, {}, {}, {}});
  EXPECT_EQ(drawn[1], wave);
  std::vector<torch::Tensor> rows;
  for (const auto& curve : drawn) rows.push_back(torch::tensor(curve));
  const torch::NoGradGuard no_grad;
  const torch::Tensor next =
      prior->next(prior->shifted_levels(torch::stack(rows).unsqueeze(0)))[0];  // [dimensions, 3, mixtures, frames]
  const std::vector<PriorRange> ranges = prior->ranges();
  double spread = 0;
  for (int d = 0; d < kDimensions; ++d) {
    if (d == 1) continue;
    for (int t = 0; t + d < kFrames; ++t) {
      const torch::Tensor column = next[d].select(2, t + d);
      const int64_t best = column[0].argmax().item<int64_t>();
      const double centre = std::clamp(column[1][best].item<double>(), ranges[d].low, ranges[d].high);
      EXPECT_NEAR((drawn[d][t] - ranges[d].mean) / ranges[d].deviation, centre, 1e-4)
          << "dimension " << d << " frame " << t;
      spread += std::fabs(drawn[d][t] - drawn[d][0]);
    }
  }
  EXPECT_GT(spread, 1);  // the network moves: there was something to compare
}

TEST(DrawCurves, AreAFunctionOfTheSeedAndWithoutTemperatureOfNothing) {
  const auto prior = random_prior();
  const Curves free(kDimensions);
  EXPECT_EQ(draw_curves(*prior, 30, {1, 1}, free), draw_curves(*prior, 30, {1, 1}, free));
  EXPECT_NE(draw_curves(*prior, 30, {1, 1}, free), draw_curves(*prior, 30, {1, 2}, free));
  EXPECT_EQ(draw_curves(*prior, 30, {0, 1}, free), draw_curves(*prior, 30, {0, 2}, free));
  const Curves longer = draw_curves(*prior, 50, {1, 1}, free), shorter = draw_curves(*prior, 30, {1, 1}, free);
  for (int d = 0; d < kDimensions; ++d)
    EXPECT_EQ(std::vector<float>(longer[d].begin(), longer[d].begin() + 30), shorter[d]);
}

std::vector<Scale> two_controls() {
  return {{"rms", -60, -10, {}}, {"centroid", 9, 12, {}}};
}  // dB; octaves: 512 to 4096 Hz

TEST(ControlCurve, TakesDecibelsAndHertzHeldOrMovedAsTheyAreHeard) {
  size_t control = 9;
  EXPECT_THAT(control_curve("rms=-35", two_controls(), 3, &control), testing::Each(testing::FloatNear(0, 1e-5)));
  EXPECT_EQ(control, 0u);
  EXPECT_THAT(control_curve("centroid=1024:2048:512", two_controls(), 5, &control),
              testing::Pointwise(testing::FloatNear(1e-5), {-1 / 3.0, 0.0, 1 / 3.0, -1 / 3.0, -1.0}));
  EXPECT_EQ(control, 1u);
  EXPECT_THAT(control_curve("rms=10", two_controls(), 1, &control), testing::ElementsAre(1));
}

TEST(ControlCurve, NamesTheControlsThereAreWhenItDoesNotKnowOne) {
  size_t control;
  const auto refusal = [&](const std::string& setting) {
    return error_of([&] { control_curve(setting, two_controls(), 3, &control); });
  };
  EXPECT_EQ(refusal("centriod=1000"),
            "control 'centriod=1000': no control named 'centriod' (did you mean 'centroid'?)");
  EXPECT_EQ(refusal("pitch=440"), "control 'pitch=440': no control named 'pitch' (there are: rms, centroid)");
  EXPECT_EQ(refusal("rms"), "control 'rms': expected name=value, or name=from:to");
  EXPECT_EQ(refusal("rms=loud"), "control 'rms=loud': 'loud' is not a number");
  EXPECT_EQ(refusal("rms="), "control 'rms=': expected a value after '='");
  EXPECT_EQ(error_of([&] { control_curve("rms=1", {}, 3, &control); }), "control 'rms=1': this model has no controls");
}

TEST(Generate, PlaysATrainedPriorForAsLongAsAskedAndByItsControls) {
  const TemporaryFolder folder;
  train_tiny_run(folder);
  train(read_run_config(tiny_prior(folder)), folder / "prior");
  const auto play = [&](double seconds, int64_t seed, const std::vector<std::string>& controls) {
    generate({folder / "prior", folder / "out.wav", seconds, 0.9, seed, controls});
    return read_clip(folder / "out.wav").samples;
  };
  const std::vector<float> first = play(1.333, 1, {});
  EXPECT_EQ(first.size(), 10664u);
  double energy = 0;
  for (const float x : first) energy += double(x) * x;
  EXPECT_GT(energy, 1e-4);
  EXPECT_EQ(first, play(1.333, 1, {}));
  EXPECT_NE(first, play(1.333, 2, {}));
  EXPECT_NE(first, play(1.333, 1, {"centroid=500:2000"}));
  // The sound is what the decoder makes of the curves at once, longer than a block, with the control as asked.
  const std::vector<float> steered = play(1.333, 1, {"centroid=500:2000"});
  const TrainedPrior trained = load_prior(folder / "prior");
  size_t control;
  Curves forced(7);
  forced[0] = control_curve("centroid=500:2000", trained.base.scales, 334, &control);
  const Curves curves = draw_curves(*trained.prior, 334, {0.9, 1}, forced);
  EXPECT_EQ(curves[0], forced[0]);
  std::vector<torch::Tensor> rows;
  for (const auto& curve : curves) rows.push_back(torch::tensor(curve));
  const torch::NoGradGuard no_grad;
  const torch::Tensor all = torch::stack(rows).unsqueeze(0);
  const torch::Tensor audio = trained.base.model->decode(all.narrow(1, 3, 4), all.narrow(1, 0, 3)).audio.flatten();
  for (size_t i = 0; i < steered.size(); ++i) ASSERT_NEAR(steered[i], audio[i].item<float>(), 2 / 32768.0) << i;
  EXPECT_THAT(error_of([&] { play(1, 1, {"loudness=-20"}); }),
              HasSubstr("no control named 'loudness' (there are: centroid, rms, bandwidth)"));
}

}  // namespace
}  // namespace nr
