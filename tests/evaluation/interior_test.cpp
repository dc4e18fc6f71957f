#include "evaluation/interior.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "base/random.h"
#include "evaluation/floors.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

using ::testing::ElementsAre;
using ::testing::Each;

constexpr int kFrames = 40;

Scale level() {
  Scale scale;
  scale.descriptor = "rms", scale.low = -40, scale.high = 0;
  return scale;
}

// A clip that sounds from frame 4 to 35, asked for a level that rises out of silence and wanders between.
Observation wanders(uint64_t seed) {
  Observation o;
  o.clip = "clip " + std::to_string(seed), o.sample_rate = 16000, o.hop = 512, o.window = 1024;
  o.original.resize(kFrames * 512);
  Random random(seed);
  std::vector<float> asked(kFrames, -60.f), own(kFrames, -60.f);
  std::vector<bool> active(kFrames);
  for (int i = 4; i < 36; ++i) {
    const bool edge = i == 4 || i == 35;
    active[i] = true;
    asked[i] = float(edge ? -45 : -20 + 5 * std::sin(0.4 * i + double(seed)));
    own[i] = float(edge ? -45 : -20 + 5 * std::sin(1.1 * i + random.uniform(0, 6)));
  }
  const auto amplitude = [](std::vector<float> db) {
    for (float& v : db) v = std::pow(10.f, v / 20);
    return db;
  };
  o.source = {{amplitude(own)}, active};
  o.own.asked = o.own.measured = {amplitude(own)}, o.own.active = active;
  Trial all;
  all.asked = all.measured = {amplitude(asked)}, all.active = active;
  o.trials = {all, all};
  return o;
}

// Headline, and the part of that name, of the set.
double of_set(const char* metric, const std::vector<Observation>& set, const std::string& part = "") {
  const Metric& m = metrics().at(metric);
  std::vector<std::vector<double>> added;
  for (const Observation& o : set) added.push_back(m.adds(o, {level()}));
  std::vector<double> values;
  for (const auto& numbers : m.of_set(added, {level()}, 16000))
    for (const Number& number : numbers)
      if (number.part == part) values.push_back(number.value);
  return mean(finite(values));
}

std::vector<Observation> answered_by(std::vector<Observation> set,
                                     const std::function<std::vector<float>(const Observation&, const Trial&)>& f) {
  for (Observation& o : set)
    o = answered(o, {"", [&](const Observation& one, const Trial& trial, size_t) { return f(one, trial); }});
  return set;
}

std::vector<Observation> four() { return {wanders(1), wanders(2), wanders(3), wanders(4)}; }

TEST(Interior, IsWhereEveryFrameWithinTheMarginSounds) {
  EXPECT_THAT(interior({false, true, true, true, true, false, true}, 1),
              ElementsAre(false, false, true, true, false, false, false));
  EXPECT_THAT(interior({true, true, true}, 0), Each(true));
  EXPECT_THAT(interior({true, true, true}, 2), Each(false));
  EXPECT_EQ(interior_margin(wanders(1)), 1);
}

TEST(Interior, CountsWhatIsObeyedAndCountsFrames) {
  for (const char* metric :
       {"control_interior_pearson_all", "control_interior_spearman_one", "control_interior_slope_all"})
    EXPECT_NEAR(of_set(metric, four()), 1, 1e-6) << metric;
  EXPECT_EQ(of_set("control_interior_pearson_all", four(), "rms frames"), 30);
  EXPECT_NEAR(of_set("control_interior_pearson_all", four(), "rms left out"), 2.0 / 32, 1e-9);
  EXPECT_NEAR(of_set("control_interior_slope_all", four(), "rms offset"), 0, 1e-6);
}

TEST(Interior, MeasuresHowFarAndHowMuchTooLoud) {
  const auto half = answered_by(four(), [](const Observation&, const Trial& trial) {
    std::vector<float> out = trial.asked[0];  // half of the decibels, 4 dB above
    for (float& v : out) v = std::pow(10.f, (10 * std::log10(v) - 6) / 20);
    return out;
  });
  EXPECT_NEAR(of_set("control_interior_slope_all", half), 0.5, 1e-4);
  EXPECT_NEAR(of_set("control_interior_pearson_all", half), 1, 1e-4);
  const double db = 40.0 / 2 * of_set("control_interior_slope_all", half, "rms offset");
  EXPECT_NEAR(db, 0.5 * 20 - 6, 0.5);
}

TEST(Interior, GivesNothingForTheEdgesWhichOtherFramesReward) {
  // Right in the first and the last sounding frame, constant between them.
  const auto edges = answered_by(four(), [](const Observation&, const Trial& trial) {
    std::vector<float> out = trial.asked[0];
    for (int i = 5; i < 35; ++i) out[i] = 0.1f;
    return out;
  });
  std::vector<double> over_all;
  for (const Observation& o : edges)
    over_all.push_back(metrics().at("control_pearson_all").measure(o, {level()})[0].value);
  EXPECT_GT(mean(over_all), 0.7);
  EXPECT_NEAR(of_set("control_interior_pearson_all", edges), 0, 0.05);
  EXPECT_NEAR(of_set("control_interior_spearman_all", edges), 0, 0.05);
}

// At another window too a floor answers what that window has measured.
TEST(Interior, OfAnotherWindowComparesWhatItHasMeasured) {
  std::vector<Observation> set = four();
  for (Observation& o : set) {
    o.other_window = o.source;
    for (Trial& trial : o.trials) {
      trial.other_asked = trial.other_measured = trial.asked;
      trial.measured = o.source.curves;
    }
  }
  EXPECT_NEAR(of_set("control_other_window_all", set), 1, 1e-6);
  EXPECT_LT(of_set("control_interior_spearman_all", set), 0.5);
  const auto deaf = answered_by(set, [](const Observation& o, const Trial&) { return o.source.curves[0]; });
  EXPECT_NEAR(of_set("control_other_window_one", deaf), of_set("control_interior_spearman_one", deaf), 1e-9);
}

TEST(Interior, APseudoValueAClipWhoseMeanIsThatOfTheSet) {
  std::vector<Observation> set = four();
  set[0] = answered_by({set[0]}, [](const Observation& o, const Trial&) { return o.source.curves[0]; })[0];
  // By hand, over all interior frames of the set.
  std::vector<double> asked, measured;
  for (const Observation& o : set) {
    std::vector<double> a, m;
    for (int i = 5; i < 35; ++i)
      a.push_back(warped(level(), o.trials[0].asked[0][i])), m.push_back(warped(level(), o.trials[0].measured[0][i]));
    const double ma = mean(a), mm = mean(m);
    for (double& v : a) asked.push_back(v - ma);
    for (double& v : m) measured.push_back(v - mm);
  }
  EXPECT_NEAR(of_set("control_interior_pearson_all", set), pearson(asked, measured), 1e-9);
  EXPECT_NEAR(of_set("control_interior_spearman_all", set), spearman(asked, measured), 1e-9);
}

}  // namespace
}  // namespace nr
