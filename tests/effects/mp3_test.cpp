#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "effects/tone.h"

namespace nr {
namespace {

double signal_to_noise(const std::vector<float>& x, const std::vector<float>& y) {
  double signal = 0, noise = 0;
  for (size_t i = 0; i < x.size(); ++i) signal += x[i] * x[i], noise += (x[i] - y[i]) * (x[i] - y[i]);
  return 10 * std::log10(signal / noise);
}

std::vector<float> coded(double quality, const std::vector<float>& x, int rate) {
  return apply({{&effects().at("mp3"), {quality}, 1, 0}}, x, rate, ChainConfig::Level::kNone).samples;
}

TEST(Mp3, IsInTimeAtEveryRateAndTheWorseTheHigherItsQuality) {
  for (const int rate : {8000, 11025, 16000, 20000, 22050, 32000, 44100, 48000, 96000}) {
    std::vector<float> x = tone(0.3, rate, 220, rate);
    const std::vector<float> second = tone(0.2, rate, 1234, rate);
    for (size_t i = 0; i < x.size(); ++i) x[i] += second[i];
    const double best = signal_to_noise(x, coded(0, x, rate)), worst = signal_to_noise(x, coded(9.9, x, rate));
    EXPECT_GT(best, 20) << rate;
    EXPECT_GT(best, worst + 3) << rate;
  }
}

// Loud, silent, and a tone, a sample at a time and as a whole: never are more samples held back than said.
TEST(Mp3, DoesNotDependOnBlocks) {
  Random draw(1);
  for (const int rate : {16000, 44100}) {
    std::vector<float> x(6000);
    for (float& v : x) v = float(draw.uniform(-0.9, 0.9));
    x.resize(12000);
    for (const float v : tone(0.5, 12000, 440, rate)) x.push_back(v);
    const std::vector<float> whole = through("mp3", {4}, x, rate);
    for (const int block : {1, 37, 512}) {
      std::vector<float> cut = x;
      const auto effect = effects().at("mp3").make({4}, rate);
      for (int i = 0; i < int(cut.size()); i += block) effect->process(&cut[size_t(i)], std::min(block, 24000 - i));
      EXPECT_TRUE(cut == whole) << block << " at " << rate;
    }
    EXPECT_GT(std::fabs(whole[7000]) + std::fabs(whole[8000]), 0) << "the noise is in it";
  }
}

}  // namespace
}  // namespace nr
