#include "evaluation/set.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/random.h"
#include "evaluation/statistics.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr int kRate = 16000;

struct Result {
  double headline = 0, part = 0;
};

// The mean over clips of {original, played}.
Result measured(const char* name, const std::vector<std::pair<std::vector<float>, std::vector<float>>>& clips) {
  const Metric& metric = metrics().at(name);
  std::vector<std::vector<double>> added;
  for (const auto& [original, played] : clips) {
    Observation o{};
    o.sample_rate = kRate, o.original = original, o.own.audio = played, o.pitch = Swipe(kRate).track(original);
    added.push_back(metric.adds(o, {}));
  }
  std::vector<double> values, parts;
  for (const auto& numbers : metric.of_set(added, {}, kRate)) {
    values.push_back(numbers[0].value);
    if (numbers.size() > 1) parts.push_back(numbers[1].value);
  }
  EXPECT_EQ(values.size(), clips.size());
  return {mean(values), mean(parts)};
}

std::vector<float> note(double hz, double amplitude = 1) {
  std::vector<float> x = harmonic(hz, kRate, 2 * kRate), hiss = noise(2 * kRate, 0.003, uint64_t(hz));
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(amplitude * (x[i] + hiss[i]));
  return x;
}

const std::vector<double> kNotes{196, 262, 311, 415, 523, 587};

std::vector<std::pair<std::vector<float>, std::vector<float>>> each(
    const std::function<std::vector<float>(double)>& played) {
  std::vector<std::pair<std::vector<float>, std::vector<float>>> out;
  for (const double hz : kNotes) out.push_back({note(hz), played(hz)});
  return out;
}

TEST(Frechet, IsZeroForTheSameSoundsAndKnownForAChangeOfLevel) {
  EXPECT_NEAR(measured("frechet", each([](double hz) { return note(hz); })).headline, 0, 1e-3);
  // Half the amplitude: every band's mean moves by ln 2, no covariance changes.
  EXPECT_NEAR(measured("frechet", each([](double hz) { return note(hz, 0.5); })).headline,
              80 * std::pow(std::log(2.0), 2), 0.5);
}

TEST(Frechet, IsOfTheSetNotOfItsClips) {
  // The same sounds in another order.
  auto clips = each([](double hz) { return note(hz); });
  for (size_t i = 0; i < clips.size(); ++i) clips[i].second = note(kNotes[(i + 1) % kNotes.size()]);
  EXPECT_NEAR(measured("frechet", clips).headline, 0, 1e-3);
  EXPECT_GT(measured("frechet", each([](double) { return note(251); })).headline, 1);
}

TEST(Frechet, OfOneClipIsItsDistance) {
  EXPECT_NEAR(measured("frechet", {{note(262), note(262, 0.5)}}).headline, 80 * std::pow(std::log(2.0), 2), 0.5);
}

TEST(SteadyLines, FindTheDroneAndNotTheNotesThatAreHeld) {
  EXPECT_LT(std::fabs(measured("steady_lines", each([](double hz) { return note(hz); })).headline), 0.1);
  const Result drone = measured("steady_lines", each([](double hz) {
                                  std::vector<float> x = note(hz);
                                  const std::vector<float> line = sine(1000, kRate, int(x.size()), 0.02);
                                  for (size_t i = 0; i < x.size(); ++i) x[i] += line[i];
                                  return x;
                                }));
  EXPECT_GT(drone.headline, 19);
  EXPECT_NEAR(drone.part, 1000, 4);
  const Result other = measured("steady_lines", each([](double hz) { return note(hz * 1.26); }));
  EXPECT_LT(other.headline, 12) << "each clip has lines of its own";
}

TEST(SteadyLines, AreUndefinedForAClipOfHardlyAnySound) {
  const std::vector<float> brief(kRate / 4, 0.1f);
  EXPECT_TRUE(std::isnan(measured("steady_lines", {{brief, brief}}).headline));
}

TEST(FrechetOfEmbeddings, IsTheSquareOfACommonShiftAndOfASpread) {
  const Metric& metric = metrics().at("frechet_cdpam");
  const auto mean_of = [&](const std::function<std::vector<double>(const std::vector<double>&)>& played) {
    Random random(3);
    std::vector<std::vector<double>> added;
    for (int clip = 0; clip < 12; ++clip) {
      Observation o{};
      for (int d = 0; d < 40; ++d) o.cdpam.original.push_back(random.normal());  // more numbers than clips
      o.cdpam.played = played(o.cdpam.original);
      added.push_back(metric.adds(o, {}));
    }
    std::vector<double> values;
    for (const auto& numbers : metric.of_set(added, {}, kRate)) values.push_back(numbers.at(0).value);
    return mean(values);
  };
  EXPECT_NEAR(mean_of([](const auto& x) { return x; }), 0, 1e-9);
  EXPECT_NEAR(mean_of([](auto x) {
                for (size_t d = 0; d < 4; ++d) x[d] += 0.5;
                return x;
              }),
              1, 1e-9);
  // Twice as far from 0: the square of the mean, and 1 + 4 - 2 * 2 times the variance; together the mean square.
  Random random(3);
  double wanted = 0;
  for (int i = 0; i < 12 * 40; ++i) wanted += std::pow(random.normal(), 2) / 12;
  EXPECT_NEAR(mean_of([](auto x) {
                for (double& number : x) number *= 2;
                return x;
              }),
              wanted, 1e-9 * wanted);
  Observation without{};
  EXPECT_TRUE(metric.adds(without, {}).empty());
  for (const auto& numbers : metric.of_set({{}, {}}, {}, kRate)) EXPECT_TRUE(numbers.empty());
}

}  // namespace
}  // namespace nr
