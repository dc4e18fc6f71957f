#include "synth/parameter.h"

#include <gmock/gmock.h>

#include <set>

#include "support/errors.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

using testing::HasSubstr;

const SynthParameters& table() { return subtractive_fm_parameters(); }
Preset parse(const std::string& yaml) { return parse_preset(yaml, "mine.yaml", "subtractive_fm", table()); }

TEST(SynthParameters, AreSixtyFourWithNamesOfTheirOwnAndInitialValuesInRange) {
  EXPECT_EQ(table().size(), 64u);
  std::set<std::string> names;
  for (const SynthParameter& p : table()) {
    EXPECT_TRUE(names.insert(p.name).second) << p.name;
    EXPECT_LE(p.low, p.initial) << p.name;
    EXPECT_GE(p.high, p.initial) << p.name;
    EXPECT_LT(p.low, p.high) << p.name;
    for (const auto& group : p.heard_with)
      for (const std::string& name : group) EXPECT_NO_THROW(index_of(table(), name.substr(0, name.find('=')))) << name;
  }
}

TEST(SynthParameters, HavePositionsThatGiveTheirValuesBack) {
  for (const SynthParameter& p : table()) {
    for (const double position : {0.0, 0.13, 0.5, 0.77, 1.0}) {
      const double value = p.value(position);
      EXPECT_NEAR(p.value(p.position(value)), value, 1e-9 * std::abs(p.high)) << p.name;
      if (p.levels() == 0) {
        EXPECT_NEAR(p.position(value), position, 1e-9) << p.name;
      } else {
        EXPECT_EQ(p.value_of_level(p.level(value)), value) << p.name;
      }
    }
    EXPECT_EQ(p.value(-1), p.low) << p.name;
    EXPECT_EQ(p.value(2), p.high) << p.name;
  }
  const SynthParameter& cutoff = table()[index_of(table(), "filter_cutoff")];
  EXPECT_NEAR(cutoff.value(0.5), std::sqrt(60.0 * 10000), 1e-6) << "logarithmic: the middle is the geometric mean";
  EXPECT_EQ(table()[index_of(table(), "osc2_semitones")].levels(), 49);
}

TEST(Presets, AreReadAndWrittenByName) {
  const Preset preset =
      parse("synth: subtractive_fm\nseed: 4\nparameters: {filter_cutoff: 800, filter_type: band_pass}");
  EXPECT_EQ(preset.seed, 4);
  EXPECT_EQ(preset.values[index_of(table(), "filter_cutoff")], 800);
  EXPECT_EQ(preset.values[index_of(table(), "filter_type")], 2);
  EXPECT_EQ(preset.values[index_of(table(), "amp_decay")], 0.5) << "not named: its initial value";
  const Preset again = parse(preset_text(preset, table()));
  EXPECT_EQ(again.values, preset.values);
  EXPECT_EQ(again.seed, preset.seed);
}

TEST(Presets, ThatAreWrongAreRefusedWithFileLineAndName) {
  const auto error = [](const std::string& yaml) { return error_of([&] { parse("synth: subtractive_fm\n" + yaml); }); };
  EXPECT_THAT(error("parameters:\n  filter_cutof: 1"),
              HasSubstr("mine.yaml:3: no parameter named 'filter_cutof' (did you mean 'filter_cutoff'?)"));
  EXPECT_THAT(error("parameters: {drive: 1.5}"), HasSubstr("mine.yaml:2: parameters.drive: 1.5 is outside [0, 1]"));
  EXPECT_THAT(error("parameters: {osc1_wave: triangel}"),
              HasSubstr("unknown choice 'triangel' (did you mean 'triangle'?)"));
  EXPECT_THAT(error("parameters: {unison: 1.5}"), HasSubstr("parameters.unison: 1.5 must be whole"));
  EXPECT_THAT(error("parameters: {drive: loud}"), HasSubstr("'loud' is not a number"));
  EXPECT_THAT(error("sed: 1"), HasSubstr("a preset has no field 'sed'"));
  EXPECT_THAT(error_of([] { parse("synth: amsynth"); }),
              HasSubstr("the preset is of the synthesizer 'amsynth', expected 'subtractive_fm'"));
}

}  // namespace
}  // namespace nr
