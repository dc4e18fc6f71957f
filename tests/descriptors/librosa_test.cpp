// An independent implementation on real recordings: tests/reference/descriptors.py.
#include <gtest/gtest.h>

#include <fstream>

#include "audio/clip.h"
#include "base/error.h"
#include "descriptors/descriptor.h"
#include "descriptors/yin.h"

namespace nr {
namespace {

struct Reference {
  Clip clip;
  Framing framing;
  std::vector<std::vector<float>> curves;  // rms, centroid, bandwidth, flatness, rolloff, zero_crossings, pitch
};

Reference read_reference(const std::string& name) {
  const std::string stem = std::string(NR_SOURCE_DIR) + "/tests/reference/descriptors_" + name;
  Reference r{read_clip(stem + ".flac"), {}, std::vector<std::vector<float>>(7)};
  r.framing.sample_rate = r.clip.sample_rate;
  std::ifstream in(stem + ".csv");
  std::string line;
  std::getline(in, line);
  if (std::sscanf(line.c_str(), "window=%d,hop=%d", &r.framing.window, &r.framing.hop) != 2)
    fail(stem, ".csv: '", line, "'");
  while (std::getline(in, line)) {
    float v[7];
    if (std::sscanf(line.c_str(), "%*d,%*d,%f,%f,%f,%f,%f,%f,%f", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6) != 7)
      fail(stem, ".csv: '", line, "'");
    for (int d = 0; d < 7; ++d) r.curves[d].push_back(v[d]);
  }
  return r;
}

constexpr const char* kRecordings[] = {"alto_sax", "cello", "conga", "trumpet"};

class Librosa : public testing::TestWithParam<const char*> {};

double worst_relative(const std::vector<float>& ours, const std::vector<float>& theirs) {
  double worst = ours.size() == theirs.size() ? 0 : 1e9;
  for (size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
    worst = std::max(worst, std::fabs(double(ours[i]) / theirs[i] - 1));
  return worst;
}

TEST_P(Librosa, AgreesWithinATenthOfAPerMille) {
  const Reference reference = read_reference(GetParam());
  const std::vector<std::string> names{"rms", "centroid", "bandwidth", "flatness", "rolloff", "zero_crossings"};
  const auto curves = analyse(reference.clip.samples, names, reference.framing);
  for (size_t d = 0; d < names.size(); ++d) {
    const double worst = worst_relative(curves[d], reference.curves[d]);
    RecordProperty(names[d], std::to_string(worst));
    EXPECT_LT(worst, 1e-4) << names[d];
  }
}

INSTANTIATE_TEST_SUITE_P(Recordings, Librosa, testing::ValuesIn(kRecordings),
                         [](const auto& info) { return std::string(info.param); });

// Librosa takes the first trough below a fixed threshold, and samples beyond the window as zeros (descriptors/yin.h).
TEST(LibrosaPitch, AgreesOfVoicedFrames) {
  int voiced = 0, close = 0;
  for (const char* name : kRecordings) {
    const Reference reference = read_reference(name);
    const auto& [rate, window, hop] = reference.framing;
    Yin yin(rate, window);
    for (size_t i = 0; i < reference.curves[6].size(); ++i) {
      std::vector<float> x(window);
      for (int n = 0; n < window; ++n) {
        const int64_t at = int64_t(i) * hop + hop / 2 - window / 2 + n;
        if (at >= 0 && at < int64_t(reference.clip.samples.size())) x[n] = reference.clip.samples[at];
      }
      const Pitch pitch = yin.of(x.data());
      if (pitch.confidence < 0.9f) continue;
      ++voiced, close += std::fabs(1200 * std::log2(pitch.hz / reference.curves[6][i])) < 20;
    }
  }
  RecordProperty("voiced", voiced), RecordProperty("close", close);
  EXPECT_GE(voiced, 50);
  EXPECT_GE(close, 0.95 * voiced);
}

}  // namespace
}  // namespace nr
