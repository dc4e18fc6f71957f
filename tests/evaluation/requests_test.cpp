#include "evaluation/requests.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "evaluation/floors.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr int kAt = 2, kFrames = 64;
constexpr double kFps = 32;  // latent frames a second

std::vector<Scale> two_scales() {
  Scale level, centroid;
  level.descriptor = "rms", level.low = -60, level.high = 0;
  centroid.descriptor = "centroid", centroid.low = 6, centroid.high = 13;
  return {level, centroid};
}

// Sounds but for its last 8 frames, at one level and brightness.
Trial own_request() {
  Trial out;
  out.control = Trial::kOwn;
  for (const Scale& scale : two_scales())
    out.asked.push_back(std::vector<float>(kAt + kFrames + 3, scale.physical(0.2f)));
  out.active.assign(kFrames, true);
  std::fill(out.active.end() - 8, out.active.end(), false);
  return out;
}

std::vector<double> asked_positions(const Trial& trial, size_t k) {
  std::vector<double> out;
  for (int i = 0; i < kFrames; ++i) out.push_back(two_scales()[k].normalise(trial.asked[k][kAt + i]));
  return out;
}

TEST(Requests, AGestureMovesOneControlWhereTheClipSounds) {
  const Trial own = own_request();
  for (const char* name : gestures()) {
    const Trial trial = gesture(own, name, 1, two_scales(), kAt, kFrames, kFps);
    EXPECT_EQ(trial.asked[0], own.asked[0]) << name;
    EXPECT_EQ(trial.request, name);
    const std::vector<double> x = asked_positions(trial, 1);
    EXPECT_NEAR(x.back(), 0.2, 1e-4) << "silent";
    EXPECT_GT(deviation({x.begin(), x.end() - 8}), 0.15) << name;
    for (const double v : x) EXPECT_LE(std::abs(v - 0.2), 0.41) << name;
  }
  const std::vector<double> steps = asked_positions(gesture(own, "steps", 1, two_scales(), kAt, kFrames, kFps), 1);
  EXPECT_NEAR(steps[7], -0.1, 1e-4);
  EXPECT_NEAR(steps[8], 0.5, 1e-4);  // a quarter of a second is eight frames
  const std::vector<double> tremolo = asked_positions(gesture(own, "tremolo", 1, two_scales(), kAt, kFrames, kFps), 1);
  EXPECT_NEAR(tremolo[2], 0.5, 1e-4);
  EXPECT_NEAR(tremolo[10], 0.5, 1e-4);
}

TEST(Requests, OfThePoolExchangeAsManyControlsAsAsked) {
  const Trial own = own_request();
  Trial donor = own;
  for (auto& curve : donor.asked) std::fill(curve.begin(), curve.end(), curve[0] * 1.1f);
  std::set<std::vector<double>> seen;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Trial one = pooled(own, donor, 1, two_scales(), kAt, kFrames, seed);
    EXPECT_EQ(one.exchanged[0] + one.exchanged[1], 1);
    const size_t k = one.exchanged[1];
    EXPECT_EQ(one.asked[1 - k], own.asked[1 - k]);
    const std::vector<double> x = asked_positions(one, k);
    for (const double v : x) EXPECT_LE(std::abs(v), 1.0001);
    seen.insert(x);
  }
  EXPECT_GT(seen.size(), 20u);
  EXPECT_EQ(pooled(own, donor, 2, two_scales(), kAt, kFrames, 3).exchanged, std::vector<bool>(2, true));
}

TEST(Requests, ScoreTheObedientOneAndTheDeafNought) {
  Observation o;
  o.sample_rate = 16384, o.hop = 512, o.window = 512;
  const Trial own = own_request();
  o.own = own, o.trials = {own};
  for (const char* name : gestures())
    for (size_t k = 0; k < 2; ++k) o.requests.push_back(gesture(own, name, k, two_scales(), kAt, kFrames, kFps));
  o.requests.push_back(pooled(own, own, 2, two_scales(), kAt, kFrames, 5));
  for (Trial& trial : o.requests) {
    for (auto& curve : trial.asked) curve = {curve.begin() + kAt, curve.begin() + kAt + kFrames};
    trial.measured = trial.asked;
  }
  o.source = {Curves(2, std::vector<float>(kFrames, 0.1f)), own.active};
  const auto part = [&](const Observation& of, const std::string& name) {
    for (const Number& number : gesture_spearman(of, two_scales()))
      if (number.part == name) return number.value;
    return -1.0;
  };
  for (const char* name : {"", "steps", "centroid tremolo", "rms crescendo"})
    EXPECT_NEAR(part(o, name), 1, 1e-9) << name;
  const Observation deaf =
      answered(o, {"", [](const Observation& of, const Trial&, size_t k) { return of.source.curves[k]; }});
  EXPECT_NEAR(part(deaf, ""), 0, 1e-9);
}

}  // namespace
}  // namespace nr
