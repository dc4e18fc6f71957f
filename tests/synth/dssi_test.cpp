#include "synth/dssi.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "support/errors.h"
#include "synth/render_process.h"

namespace nr {
namespace {

using testing::HasSubstr;

bool is_amsynth_there() { return std::filesystem::exists("/usr/lib/dssi/amsynth_dssi.so"); }

#define NEEDS_AMSYNTH() \
  if (!is_amsynth_there()) GTEST_SKIP() << "install amsynth"

TEST(Amsynth, HasItsPortsAsParameters) {
  NEEDS_AMSYNTH();
  const SynthParameters table = synth_parameters("amsynth");
  EXPECT_EQ(table.size(), 41u);
  const SynthParameter& cutoff = table[index_of(table, "filter_cutoff")];
  EXPECT_EQ(cutoff.low, -0.5);
  EXPECT_EQ(cutoff.high, 1.5);
  EXPECT_EQ(table[index_of(table, "osc1_waveform")].levels(), 5);
  EXPECT_EQ(table[index_of(table, "osc2_pitch")].kind, SynthParameter::Kind::kInteger);
  int discrete = 0;
  for (const SynthParameter& p : table) discrete += p.levels() > 0;
  EXPECT_EQ(discrete, 11);
}

// Waveforms 3 and 4 of its oscillators are noise, whose state outlives an instance.
TEST(Amsynth, PlaysShippedPresetsAndNoiseBitForBitTheSame) {
  NEEDS_AMSYNTH();
  RenderProcess process([] { return make_synth("amsynth"); });
  ASSERT_GT(process.shipped().size(), 3000u);
  const size_t wave = index_of(process.parameters(), "osc1_waveform");
  const SynthNote note{60, 127, 0.3, 0.4, 22050};
  int sounding = 0;
  for (size_t i = 0; i < 300; i += 30) {
    std::vector<double> values = process.shipped()[i];
    if (i % 60 == 0) values[wave] = 3;
    const Rendering one = process.play(values, note, 1), two = process.play(values, note, 1);
    ASSERT_EQ(one.problem, "");
    EXPECT_EQ(one.samples, two.samples);
    float peak = 0;
    for (const float sample : one.samples) peak = std::max(peak, std::abs(sample));
    sounding += peak > 0.01;
  }
  EXPECT_GE(sounding, 8);
}

TEST(Amsynth, ThatIsNotInstalledIsNamedWithItsPackage) {
  const DssiPlugin none{"amsynth", "none_dssi.so", "amsynth", "amsynth", {}, {}};
  EXPECT_THAT(error_of([&] { DssiHost host(none); }), HasSubstr("none_dssi.so is not in /usr/lib/dssi"));
  EXPECT_THAT(error_of([&] { DssiHost host(none); }), HasSubstr("(apt-get install amsynth)"));
}

TEST(AmsynthBank, GivesAValueAParameterAndClipsWhatIsBeyondIts) {
  SynthParameters two(2);
  two[0].name = "drive", two[0].initial = 0.25;
  two[1].name = "wave", two[1].kind = SynthParameter::Kind::kChoice, two[1].high = 3;
  const auto presets = parse_amsynth_bank(
      "amSynth\n<preset> <name> One\n<parameter> wave 2\n<parameter> unknown 7\n<preset> <name> Two\n"
      "<parameter> drive 1.5\nEOF\n",
      "a.bank", two);
  EXPECT_EQ(presets, (std::vector<std::vector<double>>{{0.25, 2}, {1, 0}}));
  EXPECT_EQ(parse_amsynth_bank(amsynth_bank_text({0.75, 3}, "Mine", two), "b.bank", two),
            (std::vector<std::vector<double>>{{0.75, 3}}));
  EXPECT_THAT(error_of([&] { parse_amsynth_bank("RIFF", "a.bank", two); }), HasSubstr("a.bank:1: is no amsynth bank"));
  EXPECT_THAT(error_of([&] { parse_amsynth_bank("amSynth\n<preset>\n<parameter> drive x\n", "a.bank", two); }),
              HasSubstr("a.bank:3: 'x' of drive is not a number"));
  EXPECT_THAT(error_of([&] { parse_amsynth_bank("amSynth\n<parameter> drive 1\n", "a.bank", two); }),
              HasSubstr("a.bank:2: a parameter before the first preset"));
}

}  // namespace
}  // namespace nr
