#include "synth/presets.h"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "audio/clip.h"
#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Recipe small(int sampled = 6) {
  Recipe recipe;
  recipe.sample_rate = 8000;
  PresetSet& set = recipe.presets;
  set.synth = "subtractive_fm";
  set.parameters = {"filter_cutoff", "osc2_level", "osc2_semitones", "osc1_wave"};
  set.sampled = sampled, set.perturbed = 2, set.interpolated = 2;
  set.held = 0.2, set.seconds = 0.3, set.floor = 2, set.limit = 5;
  return recipe;
}

RenderProcess::Make in_tree() {
  return [] { return make_synth("subtractive_fm"); };
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream in(read_file(file));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST(PresetPlan, DrawsEveryParameterInItsRangeAndKeepsTheOthers) {
  const SynthParameters& table = subtractive_fm_parameters();
  PresetSet set = small(200).presets;
  set.perturbed = 100, set.interpolated = 100;
  const Plan files = preset_plan(set, table);
  ASSERT_EQ(files.lists[0].size(), 400u);
  EXPECT_EQ(files.columns, "path,family,kind,filter_cutoff,osc2_level,osc2_semitones,osc1_wave");
  const std::vector<double> initial = initial_values(table);
  double mean = 0;
  for (const Job& job : files.lists[0]) {
    const auto& values = std::get<Preset>(job.sound).values;
    for (size_t i = 0; i < table.size(); ++i) {
      EXPECT_GE(values[i], table[i].low) << table[i].name;
      EXPECT_LE(values[i], table[i].high) << table[i].name;
      const bool varies = std::count(set.parameters.begin(), set.parameters.end(), table[i].name) > 0;
      EXPECT_TRUE(table[i].levels() == 0 || values[i] == std::round(values[i])) << table[i].name;
      EXPECT_TRUE(varies || values[i] == initial[i]) << table[i].name;
    }
    mean += table[3].position(values[3]) / 400;
  }
  EXPECT_NEAR(mean, 0.5, 0.06);
}

TEST(PresetPlan, VariesAllParametersWhereItIsAskedForAll) {
  PresetSet set = small(2).presets;
  set.parameters = {"*"};
  const SynthParameters& table = subtractive_fm_parameters();
  std::string columns = "path,family,kind";
  for (const SynthParameter& p : table) columns += "," + p.name;
  EXPECT_EQ(preset_plan(set, table).columns, columns);
}

TEST(PresetPlan, InterpolatesBetweenTheTwoOfAFamily) {
  const Plan files = preset_plan(small().presets, subtractive_fm_parameters());
  const auto cutoff = [&](size_t job) { return std::get<Preset>(files.lists[0][job].sound).values[3]; };
  const size_t first = 8;  // behind 6 sampled and 2 perturbed ones
  EXPECT_THAT(files.lists[0][first].labels, testing::StartsWith("0,interpolated,"));
  EXPECT_GE(cutoff(first), std::min(cutoff(0), cutoff(1)));
  EXPECT_LE(cutoff(first), std::max(cutoff(0), cutoff(1)));
  EXPECT_THAT(files.lists[0][5].labels, testing::StartsWith("2,sampled,"));
}

TEST(PresetPlan, LeavesACellEmptyWhereTheParameterCannotBeHeard) {
  PresetSet set = small(40).presets;
  set.parameters = {"filter_type", "filter_cutoff"};
  const Plan files = preset_plan(set, subtractive_fm_parameters());
  for (const Job& job : files.lists[0]) {
    const bool off = std::get<Preset>(job.sound).values[22] == 0;
    EXPECT_EQ(job.labels.back() == ',', off) << job.labels;
  }
}

TEST(PresetPlan, RefusesWhatItCannotMake) {
  const auto error = [](void (*change)(PresetSet&)) {
    PresetSet set = small().presets;
    change(set);
    return error_of([&] { preset_plan(set, subtractive_fm_parameters()); });
  };
  EXPECT_THAT(error([](PresetSet& s) { s.parameters = {"cutof"}; }), HasSubstr("no parameter named 'cutof'"));
  EXPECT_THAT(error([](PresetSet& s) { s.parameters.clear(); }), HasSubstr("presets.parameters is empty"));
  EXPECT_THAT(error([](PresetSet& s) { s.sampled = 0; }), HasSubstr("no presets: presets.sampled is 0"));
  EXPECT_THAT(error([](PresetSet& s) { s.held = 9; }), HasSubstr("presets.held (9 s) must be at most"));
}

TEST(RenderPresets, WritesSoundsParametersAndTheFloor) {
  const TemporaryFolder folder;
  const RenderReport report = render_presets(small(), folder / "set", in_tree());
  EXPECT_EQ(report.files, 10u);
  EXPECT_TRUE(report.rejected.empty());
  EXPECT_EQ(read_clip(folder / "set/sampled/000000.wav").samples.size(), 2400u);
  const auto manifest = lines_of(folder / "set/manifest.csv");
  EXPECT_EQ(manifest.size(), 11u);
  EXPECT_THAT(manifest[1], testing::StartsWith("sampled/000000.wav,0,sampled,"));
  EXPECT_EQ(lines_of(folder / "set/floor.csv").size(), 3u);
  EXPECT_THAT(lines_of(folder / "set/floor.csv")[1], testing::StartsWith("sampled/000000.wav,0,0,0,0,0,0,1"))
      << "no noise in these patches";
  EXPECT_THAT(read_file(folder / "set/parameters.csv"),
              HasSubstr("\nfilter_cutoff,continuous,logarithmic,60,10000,2500,Hz,\n"));
  EXPECT_TRUE(render_presets(small(), folder / "set", in_tree()).up_to_date);
  Recipe other = small(4);
  EXPECT_EQ(render_presets(other, folder / "set", in_tree()).files, 8u);
  EXPECT_FALSE(fs::exists(folder / "set/sampled/000005.wav")) << "of the earlier recipe";
}

TEST(RenderPresets, GoesOnWhereItStopped) {
  const TemporaryFolder folder;
  render_presets(small(), folder / "set", in_tree());
  const std::string manifest = read_file(folder / "set/manifest.csv"), recipe = read_file(folder / "set/recipe.yaml");
  fs::remove(folder / "set/recipe.yaml");  // as after a run that was cut short
  write_file(folder / "set/recipe.part.yaml", recipe);
  fs::remove(folder / "set/sampled/000003.wav");
  const auto kept = fs::last_write_time(folder / "set/sampled/000002.wav");
  EXPECT_EQ(render_presets(small(), folder / "set", in_tree()).files, 10u);
  EXPECT_EQ(fs::last_write_time(folder / "set/sampled/000002.wav"), kept) << "not rendered again";
  EXPECT_TRUE(fs::exists(folder / "set/sampled/000003.wav"));
  EXPECT_EQ(read_file(folder / "set/manifest.csv"), manifest);
}

// Misbehaves by the preset's cutoff, which is drawn.
class Moody : public SynthHost {
 public:
  const SynthParameters& parameters() const override { return subtractive_fm_parameters(); }
  std::string version() const override { return "1"; }
  std::vector<float> play(const std::vector<double>& values, const SynthNote& note, uint64_t) override {
    const double mood = parameters()[3].position(values[3]);
    std::vector<float> out(size_t(note.seconds * note.sample_rate), 0.5f);
    if (mood < 0.25) out.assign(out.size(), 1e-4f);
    else if (mood < 0.5) out.assign(out.size(), 1.5f);
    else if (mood < 0.75) out[0] = float(__builtin_ia32_rdtsc() % 65536) / 65536;
    return out;
  }
};

TEST(RenderPresets, LeaveOutByNameWhatCannotBeUsed) {
  const TemporaryFolder folder;
  const auto moody = []() -> std::unique_ptr<SynthHost> { return std::make_unique<Moody>(); };
  const RenderReport report = render_presets(small(40), folder / "set", moody);
  EXPECT_GT(report.files, 2u);
  const std::string rejected = read_file(folder / "set/rejected.csv");
  EXPECT_THAT(rejected, HasSubstr(".wav,silent: its peak is 0.0001 of full scale\n"));
  EXPECT_THAT(rejected, HasSubstr(".wav,clipped: its peak is 1.5 of full scale\n"));
  EXPECT_THAT(rejected, HasSubstr(".wav,not repeatable: "));
  EXPECT_EQ(report.files + report.rejected.size(), 44u);
  EXPECT_EQ(lines_of(folder / "set/manifest.csv").size(), report.files + 1);
  for (const auto& [path, reason] : report.rejected) EXPECT_FALSE(fs::exists(folder.path() / "set" / path)) << reason;
}

}  // namespace
}  // namespace nr
