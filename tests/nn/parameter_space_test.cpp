#include "nn/parameter_space.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cmath>

#include "support/errors.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

ParameterSpace space(const std::vector<std::string>& names = {"filter_cutoff", "osc1_wave", "drive", "unison"}) {
  return ParameterSpace(subtractive_fm_parameters(), names);
}

TEST(ParameterSpace, GivesTheSamePositionsAndValuesAsTheSynthesizersTable) {
  std::vector<std::string> names;
  for (const SynthParameter& p : subtractive_fm_parameters()) names.push_back(p.name);
  const ParameterSpace all = space(names);
  EXPECT_EQ(all.size(), 64);
  torch::manual_seed(1);
  const auto positions = torch::rand({5, 64}), values = all.values(positions), back = all.positions(values);
  for (int64_t i = 0; i < 5; ++i)
    for (int64_t k = 0; k < 64; ++k) {
      const SynthParameter& p = all.columns()[size_t(k)];
      const double wanted = p.value(positions[i][k].item<float>());
      EXPECT_NEAR(values[i][k].item<float>(), wanted, 1e-4 * std::max(1.0, std::abs(wanted))) << p.name;
      EXPECT_NEAR(back[i][k].item<float>(), p.position(wanted), 1e-4) << p.name;
    }
}

TEST(ParameterSpace, TakesApartAndJoinsContinuousOnesAndLevels) {
  const ParameterSpace s = space();
  EXPECT_EQ(s.continuous(), 2);
  EXPECT_EQ(s.scores(), 4 + 4);
  const auto positions = torch::tensor({{0.2f, 2 / 3.f, 0.7f, 1 / 3.f}, {1.f, 0.f, 0.f, 1.f}});
  const auto hot = s.one_hot(positions);
  const auto wanted = torch::tensor({{0, 0, 1, 0, 0, 1, 0, 0}, {1, 0, 0, 0, 0, 0, 0, 1}}).to(torch::kFloat);
  EXPECT_TRUE(hot.equal(wanted)) << hot;
  EXPECT_TRUE(s.join(s.of_continuous(positions), hot).allclose(positions));
  const auto spread = s.spread(torch::tensor({{1.f, 0.f, 1.f, 1.f}}));
  EXPECT_TRUE(spread.equal(torch::tensor({{0, 0, 0, 0, 1, 1, 1, 1}}).to(torch::kFloat))) << spread;
}

TEST(ParameterSpace, CountsOnlyKnownLevelsInTheCrossEntropy) {
  const ParameterSpace s = space();
  const auto positions = torch::tensor({{0.2f, 2 / 3.f, 0.7f, 1 / 3.f}});
  auto scores = torch::zeros({1, 8});
  EXPECT_NEAR(s.cross_entropy(scores, positions, torch::ones({1, 4})).item<double>(), std::log(4.0), 1e-6);
  scores[0][2] = std::log(3.0);  // of 6: 3 for the right wave
  const auto wave_only = torch::tensor({{1.f, 1.f, 1.f, 0.f}});
  EXPECT_NEAR(s.cross_entropy(scores, positions, wave_only).item<double>(), std::log(2.0), 1e-6);
  EXPECT_EQ(s.cross_entropy(scores, positions, torch::zeros({1, 4})).item<double>(), 0);
}

TEST(ParameterSpace, WorksWithoutLevelsAndWithoutContinuousOnes) {
  const ParameterSpace smooth = space({"drive", "ring"}), stepped = space({"osc1_wave"});
  const auto positions = torch::tensor({{0.25f, 0.5f}});
  EXPECT_EQ(smooth.scores(), 0);
  EXPECT_EQ(smooth.one_hot(positions).sizes(), (at::IntArrayRef{1, 0}));
  EXPECT_TRUE(smooth.join(positions, smooth.one_hot(positions)).equal(positions));
  EXPECT_EQ(smooth.cross_entropy(torch::zeros({1, 0}), positions, torch::ones({1, 2})).item<double>(), 0);
  EXPECT_EQ(stepped.of_continuous(torch::tensor({{1.f}})).sizes(), (at::IntArrayRef{1, 0}));
  EXPECT_TRUE(stepped.join(torch::zeros({1, 0}), torch::tensor({{0.f, 0.f, 0.f, 9.f}})).equal(torch::tensor({{1.f}})));
}

TEST(ParameterSpace, RefusesAnUnknownName) {
  EXPECT_THAT(error_of([] { space({"drife"}); }), testing::HasSubstr("no parameter named 'drife'"));
}

}  // namespace
}  // namespace nr
