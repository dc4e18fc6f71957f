#include "synth/lv2.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "synth/render_process.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// tests/synth/tone.lv2, built beside the tests: a plug-in that is there on every machine.
class Tone : public testing::Test {
 protected:
  void SetUp() override { setenv("LV2_PATH", (std::string(NR_BINARY_DIR) + "/lv2").c_str(), 1); }
  void TearDown() override { unsetenv("LV2_PATH"); }

  static Lv2Plugin row() { return {"tone", "tone.lv2", "urn:neurorave:tone", "none"}; }
  static Rendering played(RenderProcess& process, const std::string& name, double value) {
    std::vector<double> values = initial_values(process.parameters());
    values[index_of(process.parameters(), name)] = value;
    return process.play(values, {69, 100, 0.2, 0.3, 8000}, 1);
  }
};

RenderProcess::Make host_of(const Lv2Plugin& plugin) {
  return [plugin] { return std::make_unique<Lv2Host>(plugin); };
}

TEST_F(Tone, HasItsControlInputsAsParameters) {
  const Lv2Host host(row());
  const SynthParameters& table = host.parameters();
  ASSERT_EQ(table.size(), 6u);
  const SynthParameter &level = table[0], &ratio = table[1], &partial = table[2], &muted = table[3], &deed = table[4],
                       &steps = table[5];
  EXPECT_EQ(level.name, "level");
  EXPECT_EQ(level.kind, SynthParameter::Kind::kContinuous);
  EXPECT_EQ(level.initial, 0.5);
  EXPECT_EQ(ratio.law, SynthParameter::Law::kLogarithmic);
  EXPECT_EQ(ratio.low, 0.25);
  EXPECT_EQ(ratio.high, 4);
  EXPECT_EQ(partial.kind, SynthParameter::Kind::kInteger);
  EXPECT_EQ(partial.levels(), 8);
  EXPECT_THAT(muted.choices, ElementsAre("off", "on"));
  EXPECT_THAT(deed.choices, ElementsAre("plays_a_tone", "crashes", "hangs", "no_number", "blows_up",
                                        "adds_what_it_never_set"));
  EXPECT_EQ(steps.kind, SynthParameter::Kind::kInteger);
  EXPECT_EQ(steps.initial, 2);
  EXPECT_THAT(host.version(), HasSubstr("2.1, "));
}

// The worker answers after the first block of 512 samples. The mean of both channels is 3/4 of the left one.
TEST_F(Tone, PlaysFromItsKeyUntilItsEndWithOptionsAndAWorker) {
  RenderProcess process(host_of(row()));
  const Rendering one = played(process, "partial", 3), again = played(process, "partial", 3);
  ASSERT_EQ(one.problem, "");
  ASSERT_EQ(one.samples.size(), 2400u);
  EXPECT_EQ(one.samples, again.samples);
  for (size_t i = 0; i < one.samples.size(); ++i) {
    const bool sounds = i >= 512 && i < 1536;  // the block in which it ends is silent as a whole
    ASSERT_NEAR(one.samples[i], sounds ? 0.375 * std::sin(2 * M_PI * 1320 * double(i - 512) / 8000) : 0, 1e-3) << i;
  }
  for (const float sample : played(process, "muted", 1).samples) ASSERT_EQ(sample, 0);
}

TEST_F(Tone, CostsOneNoteWhateverItDoes) {
  RenderProcess process(host_of(row()), 1);
  EXPECT_EQ(played(process, "deed", 1).problem, "crashed (signal 11)");
  EXPECT_EQ(played(process, "deed", 2).problem, "took longer than 1 s");
  EXPECT_EQ(played(process, "deed", 3).problem, "blew up: sample 0 is not finite");
  EXPECT_EQ(played(process, "deed", 4).problem, "blew up: sample 0 is beyond +60 dB");
  EXPECT_EQ(played(process, "deed", 0).problem, "");
}

TEST_F(Tone, FindsZerosInMemoryThatItNeverSet) {
  Lv2Host host(row());
  std::vector<double> values = initial_values(host.parameters());
  const SynthNote note{69, 100, 0.2, 0.3, 8000};
  const std::vector<float> wanted = host.play(values, note, 1);
  values[index_of(host.parameters(), "deed")] = 5;
  std::vector<std::unique_ptr<float[]>> dirt;
  for (int i = 0; i < 100; ++i) {
    dirt.emplace_back(new float[4000]);
    std::fill_n(dirt.back().get(), 4000, 0.1f);
  }
  dirt.clear();
  EXPECT_EQ(host.play(values, note, 1), wanted);
}

// a-quiet, then b-loud, whose level is beyond the range and which sets a port that is not there.
TEST_F(Tone, ShipsItsPresets) {
  const auto shipped = Lv2Host(row()).shipped();
  EXPECT_THAT(shipped, ElementsAre(std::vector<double>{0.25, 1, 1, 0, 0, 2}, std::vector<double>{1, 1, 1, 0, 0, 2}));
}

TEST_F(Tone, PlaysPresetsThatAreStates) {
  Lv2Plugin states = row();
  states.states = true;
  RenderProcess process(host_of(states));
  ASSERT_EQ(process.parameters().size(), 1u);
  EXPECT_THAT(process.parameters()[0].choices, ElementsAre("Quiet", "Loud_2_octaves_up"));
  EXPECT_THAT(process.shipped(), ElementsAre(std::vector<double>{0}, std::vector<double>{1}));
  const Rendering plain = played(process, "preset", 0), high = played(process, "preset", 1);
  EXPECT_NEAR(plain.samples[512 + 5], 0.375 * std::sin(2 * M_PI * 440 * 5 / 8000), 1e-3);
  EXPECT_NEAR(high.samples[512 + 5], 0.375 * std::sin(2 * M_PI * 1760 * 5 / 8000), 1e-3);
}

// A preset's folder beside the plug-in's, as a user's host finds it.
TEST_F(Tone, ReadsThePresetThatIsWrittenForIt) {
  const TemporaryFolder folder;
  fs::create_directory_symlink(std::string(NR_BINARY_DIR) + "/lv2/tone.lv2", folder / "tone.lv2");
  setenv("LV2_PATH", fs::path(folder / "").c_str(), 1);
  Lv2Plugin mine = row();
  mine.presets = {"mine.lv2"};
  const std::vector<double> values{0.125, 3.5, 4, 1, 0, 4};
  const Lv2Preset preset = lv2_preset(mine, values, "a \"new\" \\one", Lv2Host(row()).parameters());
  write_file(folder / "mine.lv2/preset.ttl", preset.preset);
  write_file(folder / "mine.lv2/manifest.ttl", preset.manifest);
  EXPECT_THAT(Lv2Host(mine).shipped(), testing::Contains(values));
  mine.states = true;
  EXPECT_THAT(Lv2Host(mine).parameters()[0].choices, testing::SizeIs(3));
  EXPECT_THAT(error_of([&] { lv2_preset(mine, values, "", {}); }), HasSubstr("tone: its presets are states"));
}

TEST_F(Tone, SaysWhyItCannotBePlayed) {
  const auto error = [](const Lv2Plugin& plugin) { return error_of([&] { Lv2Host host(plugin); }); };
  EXPECT_THAT(error({"none", "none.lv2", "urn:none", "its-package"}),
              testing::AllOf(HasSubstr("none: none.lv2 is not in "), HasSubstr("(apt-get install its-package)")));
  EXPECT_EQ(error({"tone", "tone.lv2", "urn:none", ""}), "tone.lv2: holds no plug-in urn:none");
  EXPECT_EQ(error({"demanding", "tone.lv2", "urn:neurorave:demanding", ""}),
            "demanding: needs urn:neurorave:unheard-of, which this host does not offer");
  const TemporaryFolder folder;
  setenv("LV2_PATH", fs::path(folder / "").c_str(), 1);
  const std::string prefix = "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n";
  write_file(folder / "bare.lv2/manifest.ttl",
             prefix + "<urn:bare> a lv2:Plugin ; lv2:binary <bare.so> ;\n  lv2:port [ a lv2:InputPort , "
                      "lv2:ControlPort ; lv2:index 0 ; lv2:symbol \"wide\" ; lv2:name \"Wide\" ] .\n");
  EXPECT_EQ(error({"bare", "bare.lv2", "urn:bare", ""}), "bare.lv2: port 'wide' has no range");
}

std::string missing(const std::string& synth) {
  const std::string error = error_of([&] { make_synth(synth); });
  return error.find("apt-get install") == std::string::npos ? "" : error;
}

// What each of the plug-ins named in the tree is known by, where its package is there.
TEST(Lv2Plugins, ThatAreInstalledPlayTheSameTwice) {
  int there = 0;
  for (const Lv2Plugin& plugin : lv2_plugins().rows) {
    if (!missing(plugin.name).empty()) continue;
    ++there;
    RenderProcess process(host_of(plugin));
    std::vector<double> values = initial_values(process.parameters());
    if (!process.shipped().empty()) values = process.shipped()[0];
    const SynthNote note{60, 127, 0.3, 0.4, 44100};  // Calf's filters are not stable at half of that
    const Rendering one = process.play(values, note, 1), two = process.play(values, note, 1);
    EXPECT_EQ(one.problem, "") << plugin.name;
    EXPECT_EQ(one.samples, two.samples) << plugin.name;
    float peak = 0;
    for (const float sample : one.samples) peak = std::max(peak, std::abs(sample));
    EXPECT_GT(peak, 0.01) << plugin.name;
  }
  if (there == 0) GTEST_SKIP() << missing("jx10");
}

TEST(Lv2Plugins, ShipAsManyPresetsAsTheirPackages) {
  const auto shipped = [](const std::string& name) {
    return RenderProcess([&] { return make_synth(name); }).shipped().size();
  };
  if (missing("jx10").empty()) {
    EXPECT_EQ(synth_parameters("jx10").size(), 24u);
    EXPECT_EQ(shipped("jx10"), 52u);
    EXPECT_EQ(shipped("dx10"), 32u);
  }
  if (missing("calf_monosynth").empty()) {
    const SynthParameters table = synth_parameters("calf_monosynth");
    EXPECT_EQ(table[index_of(table, "cutoff")].law, SynthParameter::Law::kLogarithmic);
    EXPECT_EQ(table[index_of(table, "o1_wave")].choices.at(6), "Skewed_Saw");
    EXPECT_GT(shipped("calf_monosynth"), 5u);
  }
  if (missing("synthv1").empty()) {
    EXPECT_EQ(synth_parameters("synthv1").size(), 145u);
  }
  if (missing("zynaddsubfx").empty()) {
    EXPECT_GT(shipped("zynaddsubfx"), 1100u);
  }
}

}  // namespace
}  // namespace nr
