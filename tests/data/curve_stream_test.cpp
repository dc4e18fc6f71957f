#include "data/curve_stream.h"

#include <gtest/gtest.h>

#include "support/signals.h"

namespace nr {
namespace {

const std::vector<std::string> kNames{"rms", "centroid", "flatness"};

void expect_same(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t d = 0; d < a.size(); ++d) {
    ASSERT_EQ(a[d].size(), b[d].size());
    for (size_t i = 0; i < a[d].size(); ++i) EXPECT_TRUE(a[d][i] == b[d][i] || (std::isnan(a[d][i]) && std::isnan(b[d][i]))) << d << " " << i;
  }
}

TEST(CurveStream, OfAnyBlockSizeIsAnalyse) {
  for (const Framing framing : {Framing{16000, 1024, 256}, Framing{16000, 64, 200}})
    for (const int length : {1, 63, 256, 257, 5000}) {
      const std::vector<float> signal = noise(length);
      const auto expected = analyse(signal, kNames, framing);
      for (const size_t block : {size_t(1), size_t(100), size_t(4096)}) {
        CurveStream stream(kNames, framing);
        for (size_t i = 0; i < signal.size(); i += block) stream.push(signal.data() + i, std::min(block, signal.size() - i));
        expect_same(stream.finish(), expected);
      }
    }
}

TEST(CurveStream, StartsAfreshAfterFinish) {
  CurveStream stream(kNames, {16000, 512, 128});
  const std::vector<float> first = sine(440, 16000, 3000), second = noise(1000);
  stream.push(first.data(), first.size());
  stream.finish();
  stream.push(second.data(), second.size());
  expect_same(stream.finish(), analyse(second, kNames, {16000, 512, 128}));
}

}  // namespace
}  // namespace nr
