#include "nn/effects.h"

#include <gmock/gmock.h>

#include "losses/effects.h"

namespace nr {
namespace {

ParameterSpace space() {
  SynthParameter effect{"effect", SynthParameter::Kind::kChoice};
  effect.choices = {"a", "b", "c"}, effect.high = 2;
  return {{effect, {"drive"}, {"bias"}}, {"effect", "drive", "bias"}};
}

TEST(EffectVector, IsOneHotAndTheKnownPositions) {
  const auto found = effect_vector(space(), torch::tensor({{0.5f, 0.25f, 0.75f}, {1.f, 0.25f, 0.75f}}),
                                   torch::tensor({{1.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}));
  EXPECT_TRUE(found.equal(torch::tensor({{0.f, 1.f, 0.f, 0.25f, 0.f}, {0.f, 0.f, 0.f, 0.f, 0.75f}})));
}

TEST(ShuffleDimensions, KeepsEveryDimensionsValuesAndPartsThem) {
  torch::manual_seed(1);
  const auto x = torch::randn({500, 1}).repeat({1, 3}), y = shuffle_dimensions(x);
  EXPECT_TRUE(std::get<0>(x.sort(0)).equal(std::get<0>(y.sort(0))));
  const auto a = y.select(1, 0), b = y.select(1, 1);
  EXPECT_LT(((a * b).mean() / x.square().mean()).abs().item<float>(), 0.2) << "they were equal, and are unrelated now";
}

// A condition of 1 moves the bands up by one, a condition of 0 leaves the sound as it is.
TEST(FrameTransfer, AddsNothingAtFirstAndLearnsWhatTheConditionDoes) {
  torch::manual_seed(1);
  FrameTransfer network(8, 1);
  const auto draw = [&] {
    const auto x = torch::randn({32, 8, 12}), c = torch::randint(2, {32, 1}, torch::kFloat);
    return std::make_tuple(x, c, c.unsqueeze(2) * (x.roll(1, 1) - x));
  };
  EXPECT_EQ(network.forward(std::get<0>(draw()), std::get<1>(draw())).abs().max().item<float>(), 0);
  torch::optim::Adam adam(network.parameters(), torch::optim::AdamOptions(0.005));
  double error = 0, power = 0;
  for (int step = 0; step < 400; ++step) {
    const auto [x, c, change] = draw();
    const auto loss = (network.forward(x, c) - change).square().mean();
    adam.zero_grad();
    loss.backward();
    adam.step();
    error = loss.item<double>(), power = change.square().mean().item<double>();
  }
  EXPECT_LT(error, 0.1 * power);
}

struct Latents {
  Values values;
  LossSettings settings;
  std::shared_ptr<LatentCritic> critic = std::make_shared<LatentCritic>(2, std::vector<int>{32, 32});
  Parts parts{{"critic", critic}};
  double operator()(torch::Tensor (*loss)(const LossInput&)) {
    return loss({values, settings, parts}).item<double>();
  }
};

TEST(ShiftLosses, CountWhatIsOutsideAndAwayFromTheMap) {
  Latents in;
  in.values.set("shift", torch::tensor({{1.f, 2.f, 3.f}})), in.values.set("shift.asked", torch::tensor({{0.f}}));
  EXPECT_NEAR(in(shift_within), 1, 1e-6);
  EXPECT_NEAR(in(shift_outside), (4 + 9) / 2.0, 1e-6);
}

// Of two dimensions with the correlation r the total correlation is -ln(1 - r^2) / 2.
TEST(TotalCorrelation, IsEstimatedByACriticThatLearned) {
  for (const double r : {0.0, 0.9}) {
    torch::manual_seed(1);
    Latents in;
    torch::optim::Adam adam(in.critic->parameters(), torch::optim::AdamOptions(0.003));
    const auto draw = [&] {
      const auto a = torch::randn({512, 1}), b = r * a + std::sqrt(1 - r * r) * torch::randn({512, 1});
      in.values = {};
      in.values.set("latent", torch::cat({a, b}, 1).unsqueeze(2));
    };
    for (int step = 0; step < 400; ++step) {
      draw();
      adam.zero_grad();
      total_correlation_critic({in.values, in.settings, in.parts}).backward();
      adam.step();
    }
    double sum = 0;
    for (int i = 0; i < 20; ++i) draw(), sum += in(total_correlation) / 20;
    EXPECT_NEAR(sum, -0.5 * std::log(1 - r * r), 0.15) << r;
  }
}

}  // namespace
}  // namespace nr
