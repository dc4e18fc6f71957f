#include "descriptors/stream.h"

#include <gtest/gtest.h>

#include "support/allocation.h"
#include "support/signals.h"

namespace nr {
namespace {

const std::vector<std::string> kNames{"rms", "centroid", "pitch", "flux", "zero_crossings"};

std::vector<std::vector<float>> in_blocks(const std::vector<float>& x, const Framing& framing, size_t block) {
  std::vector<std::vector<float>> curves(kNames.size());
  DescriptorStream stream(kNames, framing, [&](const float* values) {
    for (size_t d = 0; d < curves.size(); ++d) curves[d].push_back(values[d]);
  });
  for (size_t at = 0; at < x.size(); at += block) stream.process(x.data() + at, std::min(block, x.size() - at));
  stream.finish();
  return curves;
}

TEST(Stream, GivesTheSameCurvesInBlocksOfAnySize) {
  std::vector<float> x = harmonic(220, 16000, 9001);
  const std::vector<float> hiss = noise(4000);
  x.insert(x.end(), hiss.begin(), hiss.end());
  for (const Framing& framing :
       {Framing{16000, 1024, 256}, {16000, 1024, 1024}, {16000, 512, 1000}, {16000, 2048, 300}}) {
    const auto whole = analyse(x, kNames, framing);
    for (const size_t block : {1, 77, 256, 5000}) {
      const auto curves = in_blocks(x, framing, block);
      for (size_t d = 0; d < kNames.size(); ++d) {
        ASSERT_EQ(curves[d].size(), (x.size() + framing.hop - 1) / framing.hop);
        for (size_t i = 0; i < curves[d].size(); ++i)
          EXPECT_TRUE(curves[d][i] == whole[d][i] || (std::isnan(curves[d][i]) && std::isnan(whole[d][i])))
              << kNames[d] << " " << i;
      }
    }
  }
}

// The framing's sentence, written as it reads.
TEST(Stream, MeasuresWindowsCentredOnTheMiddleOfTheirHop) {
  const std::vector<float> x = noise(9001);
  for (const Framing& framing : {Framing{16000, 1024, 256}, {16000, 512, 1000}}) {
    const std::vector<float> curve = analyse(x, {"centroid"}, framing)[0];
    Analyser analyser({"centroid"}, framing);
    for (size_t i = 0; i < curve.size(); ++i) {
      std::vector<float> window(framing.window);
      for (int n = 0; n < framing.window; ++n) {
        const int64_t at = int64_t(i) * framing.hop + framing.hop / 2 - framing.window / 2 + n;
        if (at >= 0 && at < int64_t(x.size())) window[n] = x[at];
      }
      float value = 0;
      analyser.process(window.data(), &value);
      EXPECT_TRUE(curve[i] == value || (std::isnan(curve[i]) && std::isnan(value)))
          << i << ": " << curve[i] << " " << value;
    }
  }
}

TEST(Stream, AnswersAfterItsLatency) {
  const Framing framing{16000, 1024, 256};
  int answers = 0;
  DescriptorStream stream({"rms"}, framing, [&](const float*) { ++answers; });
  const std::vector<float> x = noise(4096);
  const int place = 5 * 256 + 128, wait = latency(descriptors().at("rms"), framing);
  stream.process(x.data(), place + wait - 1);
  EXPECT_EQ(answers, 5);
  stream.process(x.data() + place + wait - 1, 1);
  EXPECT_EQ(answers, 6);
}

TEST(Stream, NeverAllocatesWhileItProcesses) {
  float sum = 0;
  DescriptorStream stream(descriptors().names(), {16000, 1024, 256}, [&](const float* values) { sum += values[0]; });
  const std::vector<float> x = noise(5000);
  const int64_t before = allocations();
  stream.process(x.data(), x.size());
  stream.finish();
  EXPECT_EQ(allocations(), before);
  EXPECT_GT(sum, 0);
}

}  // namespace
}  // namespace nr
