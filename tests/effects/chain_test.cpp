#include "effects/chain.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "base/files.h"
#include "effects/apply.h"
#include "effects/tone.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

ChainConfig chain(const std::string& yaml) { return read_chain(config::parse_text(yaml, "chain.yaml")); }

Links drawn(const ChainConfig& config, uint64_t item = 0) {
  Random draw(config.seed, item);
  return draw_links(config, draw);
}

const char* kTwo =
    "seed: 7\n"
    "effects:\n"
    "  - one_of: [{tanh: {drive: [0, 40]}}, {hard_clip: {drive: [10, 20], threshold: -6, mix: [0.2, 0.8]}}]\n"
    "  - low_pass: {cutoff: [200, 8000]}\n"
    "    probability: 0.5\n";

TEST(Chain, OfASeedIsTheSameBytes) {
  const ChainConfig config = chain(kTwo);
  const std::vector<float> dry = tone(0.5, 8000);
  for (uint64_t item = 0; item < 5; ++item) {
    const Links one = drawn(config, item), other = drawn(config, item);
    EXPECT_EQ(describe(one), describe(other));
    EXPECT_TRUE(apply(one, dry, kToneRate, config.level).samples == apply(other, dry, kToneRate, config.level).samples);
  }
  EXPECT_NE(describe(drawn(config, 0)), describe(drawn(config, 1)));
}

TEST(Chain, DrawsWithinItsRangesByEachParametersLaw) {
  const ChainConfig config = chain(kTwo);
  int filtered = 0, clipped = 0, low = 0;
  for (uint64_t item = 0; item < 1000; ++item) {
    const Links links = drawn(config, item);
    ASSERT_GE(links.size(), 1u);
    if (links[0].kind->name == std::string("hard_clip")) {
      ++clipped;
      EXPECT_GE(links[0].settings[0], 10);
      EXPECT_LE(links[0].settings[0], 20);
      EXPECT_EQ(links[0].settings[1], -6);
      EXPECT_GE(links[0].mix, 0.2);
      EXPECT_LE(links[0].mix, 0.8);
    } else {
      EXPECT_EQ(links[0].mix, 1);
    }
    if (links.size() == 2) ++filtered, low += links[1].settings[0] < std::sqrt(200.0 * 8000);
  }
  EXPECT_NEAR(clipped, 500, 60);
  EXPECT_NEAR(filtered, 500, 60);
  EXPECT_NEAR(low, filtered / 2, 50);  // half of an octave scale
}

TEST(Chain, OfADrawnOrderHasEveryOrder) {
  const ChainConfig config = chain("order: drawn\neffects: [tanh, low_pass, reverb]\n");
  std::vector<std::string> orders;
  for (uint64_t item = 0; item < 200; ++item) {
    std::string order;
    for (const ChainLink& link : drawn(config, item)) order += link.kind->name[0];
    if (!contains(orders, order)) orders.push_back(order);
  }
  EXPECT_EQ(orders.size(), 6u);
}

TEST(Chain, TakesItsLatencyAwayAndMixesWhatBelongsTogether) {
  const std::vector<float> dry = tone(1e-3, 9000, 1000);
  const ChainConfig config = chain("level: none\neffects: [{tanh: {drive: 0, mix: 0.5}}, {tanh: {drive: 0}}]\n");
  const WetSound wet = apply(drawn(config), dry, kToneRate, config.level);
  ASSERT_EQ(wet.samples.size(), dry.size());
  for (size_t i = 4000; i + 500 < dry.size(); ++i) ASSERT_NEAR(wet.samples[i], dry[i], 3e-5);
}

TEST(Chain, DoesNotDependOnBlocks) {
  const ChainConfig config = chain(
      "effects: [{tanh: {drive: 20, mix: 0.3}}, {delay: {seconds: 0.01, mix: 0.5}}, tape]");
  const std::vector<float> dry = tone(0.5, 5000);
  const auto in_blocks = [&](int block) {
    Chain chain(drawn(config), kToneRate);
    std::vector<float> wet;
    for (int i = 0; i < 5000; i += block) chain.process(&dry[size_t(i)], std::min(block, 5000 - i), wet);
    chain.finish(wet);
    return wet;
  };
  const std::vector<float> whole = in_blocks(5000);
  EXPECT_EQ(whole.size(), dry.size());
  for (const int block : {1, 77, 512}) EXPECT_TRUE(in_blocks(block) == whole) << block;
}

TEST(Chain, MatchesTheLevelAndKeepsTheGain) {
  const std::vector<float> dry = tone(0.1, 24000);
  const auto rms = [](const std::vector<float>& x) {
    double sum = 0;
    for (const float y : x) sum += double(y) * y;
    return std::sqrt(sum / double(x.size()));
  };
  const Links links = drawn(chain("effects: [{gain: {gain: 20}}]"));
  const WetSound matched = apply(links, dry, kToneRate, ChainConfig::Level::kRms);
  EXPECT_NEAR(rms(matched.samples), rms(dry), 1e-6);
  EXPECT_NEAR(matched.gain, 0.1, 1e-6);
  EXPECT_NEAR(rms(apply(links, dry, kToneRate, ChainConfig::Level::kNone).samples), 10 * rms(dry), 1e-5);
  EXPECT_EQ(apply(links, std::vector<float>(100), kToneRate, ChainConfig::Level::kRms).gain, 1);
}

TEST(Chain, ThatBlowsUpIsAnErrorThatNamesIt) {
  const Links links = drawn(chain("effects: [{gain: {gain: 40}}, {gain: {gain: 40}}]"));
  EXPECT_THAT(error_of([&] { apply(links, tone(1, 1000), kToneRate, ChainConfig::Level::kNone); }),
              HasSubstr("effects gain(gain 40 dB) > gain(gain 40 dB): the sound blows up, to 10000"));
  EXPECT_THAT(error_of([&] { apply(links, {NAN, 0.f}, kToneRate, ChainConfig::Level::kNone); }),
              HasSubstr("the sound is not finite"));
}

TEST(ChainConfig, SaysWhatIsWrongWithFileAndLine) {
  const auto of = [](const std::string& yaml) { return error_of([&] { chain(yaml); }); };
  EXPECT_EQ(of("effects:\n  - tanth\n"), "chain.yaml:2: no effect named 'tanth' (did you mean 'tanh'?)");
  EXPECT_EQ(of("effects:\n  - tanh: {drve: 3}\n"),
            "chain.yaml:2: tanh has no parameter 'drve' (did you mean 'drive'?)");
  EXPECT_EQ(of("effects:\n  - tanh: {drive: 41}\n"), "chain.yaml:2: tanh.drive is 41: expected 0 to 40 dB");
  EXPECT_EQ(of("effects:\n  - tanh: {drive: loud}\n"), "chain.yaml:2: tanh.drive: expected a number, found 'loud'");
  EXPECT_EQ(of("effects:\n  - tanh: {drive: [20, 10]}\n"),
            "chain.yaml:2: tanh.drive: the first end is above the second");
  EXPECT_EQ(of("effects:\n  - tanh: {drive: [1, 2, 3]}\n"), "chain.yaml:2: tanh.drive: expected two ends, found 3");
  EXPECT_EQ(of("effects:\n  - tanh: {mix: 2}\n"), "chain.yaml:2: tanh.mix is 2: expected 0 to 1");
  EXPECT_EQ(of("effects:\n  - wavefold: {shape: square}\n"),
            "chain.yaml:2: wavefold.shape: no choice 'square' (there are: triangle, sine)");
  EXPECT_EQ(of("order: random\neffects: [tanh]\n"), "chain.yaml:1: order: expected given or drawn, found 'random'");
  EXPECT_THAT(of("efects: [tanh]\n"), HasSubstr("a chain has no field 'efects' (did you mean 'effects'?)"));
  EXPECT_THAT(of("seed: 3\n"), HasSubstr("effects: expected a list of at least one effect"));
  EXPECT_THAT(of("effects:\n  - one_of: []\n"), HasSubstr("chain.yaml:2: one_of: expected a list of effects"));
}

TEST(ApplyToFile, IsApplyInMemory) {
  const TemporaryFolder folder;
  std::vector<float> dry = tone(0.4, 60000, 300);
  write_wav(folder / "in.wav", dry, kToneRate);
  dry = read_clip(folder / "in.wav").samples;
  const ChainConfig config = chain(kTwo);
  const ApplyReport report = apply_to_file(config, 3, folder / "in.wav", folder / "out.wav");
  const WetSound wet = apply(drawn(config, 3), dry, kToneRate, config.level);
  const Clip out = read_clip(folder / "out.wav");
  ASSERT_EQ(out.samples.size(), wet.samples.size());
  for (size_t i = 0; i < out.samples.size(); ++i)
    ASSERT_NEAR(out.samples[i], std::min(1.f, std::max(-1.f, wet.samples[i])), 1.1 / 32768);
  EXPECT_EQ(report.links, describe(drawn(config, 3)));
  EXPECT_NEAR(report.gain_db, 20 * std::log10(wet.gain), 1e-3);
  EXPECT_EQ(report.seconds, 2.5);
}

TEST(ApplyToFile, ThatFailsLeavesNothing) {
  const TemporaryFolder folder;
  write_wav(folder / "in.wav", tone(0.9, 1000), kToneRate);
  const ChainConfig loud = chain("level: none\neffects: [{gain: {gain: 40}}, {gain: {gain: 40}}]");
  EXPECT_THAT(error_of([&] { apply_to_file(loud, 0, folder / "in.wav", folder / "out.wav"); }), HasSubstr("blows up"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out.wav"));
}

// Those of others are drawn alone: their programs may be absent.
TEST(ChainsOfData, CanBeDrawnAndApplied) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(NR_SOURCE_DIR) + "/data/effects")) {
    const ChainConfig config = read_chain(config::load(entry.path()));
    for (uint64_t item = 0; item < 40; ++item) {
      const Links links = drawn(config, item);
      const auto hosted = [](const ChainLink& link) { return link.kind->family == std::string("pedal"); };
      if (std::any_of(links.begin(), links.end(), hosted)) continue;
      EXPECT_GT(apply(links, tone(0.3, 6000), 22050, config.level).gain, 0) << describe(links);
    }
    ++count;
  }
  EXPECT_GE(count, 2);
}

}  // namespace
}  // namespace nr
