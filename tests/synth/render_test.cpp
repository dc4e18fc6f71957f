#include "synth/render.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "audio/clip.h"
#include "base/files.h"
#include "config/reader.h"
#include "descriptors/descriptor.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "synth/plan.h"
#include "synth/soundfont.h"

namespace nr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Recipe small() {
  Recipe recipe;
  recipe.velocities = {60, 120};
  recipe.held = 0.6;
  recipe.release = 0.2;
  recipe.instruments = {{"violin", "bowed", 40, 69, 81, 12, {}, 0, 0}};
  recipe.percussion = {{"bongo", "percussion", 60, {100}, 0.1, 0.3}};
  return recipe;
}

#define NEEDS_SOUNDFONT() \
  if (!fs::exists(Recipe{}.soundfont)) GTEST_SKIP() << "install fluid-soundfont-gm"

TEST(Render, WritesAFileANoteAndAManifest) {
  NEEDS_SOUNDFONT();
  TemporaryFolder folder;
  const RenderReport report = render(small(), folder / "out");
  EXPECT_EQ(report.files, 5u);
  EXPECT_NEAR(report.seconds, 4 * 0.8 + 0.4, 1e-9);
  EXPECT_EQ(read_file(folder / "out/manifest.csv"),
            "path,instrument,family,style,pitch,velocity\n"
            "violin/069-060.wav,violin,bowed,ordinario,69,60\nviolin/069-120.wav,violin,bowed,ordinario,69,120\n"
            "violin/081-060.wav,violin,bowed,ordinario,81,60\nviolin/081-120.wav,violin,bowed,ordinario,81,120\n"
            "bongo/060-100.wav,bongo,percussion,ordinario,60,100\n");
  EXPECT_THAT(read_file(folder / "out/LICENCE.txt"), HasSubstr("Frank Wen"));
  const Clip quiet = read_clip(folder / "out/violin/069-060.wav"), loud = read_clip(folder / "out/violin/069-120.wav");
  EXPECT_EQ(loud.samples.size(), 12800u);
  const auto level = [](const Clip& clip) {
    return std::abs(*std::max_element(clip.samples.begin(), clip.samples.end(),
                                      [](float a, float b) { return std::abs(a) < std::abs(b); }));
  };
  EXPECT_GT(level(loud), 2 * level(quiet));
}

TEST(Render, PlaysTheKeyItSays) {
  NEEDS_SOUNDFONT();
  Soundfont soundfont(Recipe{}.soundfont, 16000, 1);
  for (const int key : {57, 69, 76}) {
    const auto pitch = analyse(soundfont.play({key, 100, 1.0, 0.2, false, 40}), {"pitch"}, {16000, 1024, 256})[0];
    EXPECT_NEAR(12 * std::log2(pitch[40] / 440) + 69, key, 0.5);
  }
}

// Within one SoundFont a repeated note may differ: FluidSynth ramps a new note's gain from what the last one left.
TEST(Render, GivesTheSameFilesOfTheSameRecipe) {
  NEEDS_SOUNDFONT();
  TemporaryFolder folder;
  for (const char* out : {"one", "two"}) render(small(), folder / out);
  for (const char* file : {"violin/069-060.wav", "violin/069-120.wav", "violin/081-120.wav", "bongo/060-100.wav"})
    EXPECT_EQ(read_file(folder / "one" / file), read_file(folder / "two" / file)) << file;
}

TEST(Render, DoesNothingWhenNothingChangedAndCleansUpWhenItDid) {
  NEEDS_SOUNDFONT();
  TemporaryFolder folder;
  Recipe recipe = small();
  render(recipe, folder / "out");
  write_file(folder / "out/mine.wav", "left alone");
  EXPECT_TRUE(render(recipe, folder / "out").up_to_date);
  fs::remove(folder / "out/bongo/060-100.wav");
  EXPECT_FALSE(render(recipe, folder / "out").up_to_date);
  EXPECT_TRUE(fs::exists(folder / "out/bongo/060-100.wav"));
  recipe.velocities = {60};
  EXPECT_FALSE(render(recipe, folder / "out").up_to_date);
  EXPECT_FALSE(fs::exists(folder / "out/violin/069-120.wav"));
  EXPECT_TRUE(fs::exists(folder / "out/mine.wav"));
  EXPECT_THAT(read_file(folder / "out/rendered.txt"), HasSubstr("\nviolin/069-060.wav\n"));
}

TEST(Render, NamesThePackageOfAMissingSoundfont) {
  TemporaryFolder folder;
  Recipe recipe = small();
  recipe.soundfont = (folder / "none.sf2").string();
  EXPECT_THAT(error_of([&] { render(recipe, folder / "out"); }),
              HasSubstr("none.sf2: no such soundfont (apt-get install fluid-soundfont-gm"));
  recipe.soundfont = (folder / "text.sf2").string();
  write_file(recipe.soundfont, "not a soundfont");
  EXPECT_THAT(error_of([&] { render(recipe, folder / "out"); }), HasSubstr("text.sf2: is not a SoundFont"));
}

// Half the distance between the extremes of pitch while the note is held, in cents.
double vibrato(Soundfont& soundfont, int modulation) {
  const auto pitch =
      analyse(soundfont.play({69, 100, 2.0, 0.1, false, 73, modulation}), {"pitch"}, {16000, 1024, 256})[0];
  const auto [low, high] = std::minmax_element(pitch.begin() + 40, pitch.begin() + 110);
  return 600 * std::log2(*high / *low);
}

TEST(Render, VibratesAsDeepAsTheModulationSaysAndForgetsItAfterTheNote) {
  NEEDS_SOUNDFONT();
  Soundfont soundfont(Recipe{}.soundfont, 16000, 1);
  const double none = vibrato(soundfont, 0), half = vibrato(soundfont, 64), full = vibrato(soundfont, 127),
               after = vibrato(soundfont, 0);
  EXPECT_GT(half, none + 10);
  EXPECT_GT(full, half + 10);
  EXPECT_NEAR(after, none, 2);
}

// FluidR3's violin has no sample for key 94.
TEST(Render, CountsSilentFiles) {
  NEEDS_SOUNDFONT();
  TemporaryFolder folder;
  Recipe recipe = small();
  recipe.instruments[0].low = 93;
  recipe.instruments[0].high = 94;
  recipe.instruments[0].step = 1;
  recipe.velocities = {100};
  const RenderReport report = render(recipe, folder / "out");
  EXPECT_EQ(report.silent_files, 1u);
  EXPECT_EQ(report.a_silent_file, "violin/094-100.wav");
}

TEST(Render, PutsEachStyleIntoAFolderOfItsOwn) {
  NEEDS_SOUNDFONT();
  TemporaryFolder folder;
  Recipe recipe = small();
  recipe.percussion.clear();
  recipe.instruments.push_back(recipe.instruments[0]);
  recipe.instruments[1].style = "staccato";
  recipe.instruments[1].held = 0.1;
  EXPECT_EQ(render(recipe, folder / "out").files, 8u);
  EXPECT_EQ(read_clip(folder / "out/violin-staccato/069-060.wav").samples.size(), 4800u);
  EXPECT_THAT(read_file(folder / "out/manifest.csv"),
              HasSubstr("\nviolin-staccato/069-060.wav,violin,bowed,staccato,69,60\n"));
}

TEST(Recipes, OfTheDataFolderAreUnderstood) {
  for (const auto& entry : fs::directory_iterator(fs::path(NR_SOURCE_DIR) / "data")) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string error = error_of([&] { plan(config::read<Recipe>(config::load(entry.path()))); });
    const bool no_plug_in = error.find("apt-get install") != std::string::npos;
    EXPECT_TRUE(error == "no error" || no_plug_in) << entry.path() << ": " << error;
  }
}

}  // namespace
}  // namespace nr
