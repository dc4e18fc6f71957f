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
            "path,instrument,family,pitch,velocity\n"
            "violin/069-060.wav,violin,bowed,69,60\nviolin/069-120.wav,violin,bowed,69,120\n"
            "violin/081-060.wav,violin,bowed,81,60\nviolin/081-120.wav,violin,bowed,81,120\n"
            "bongo/060-100.wav,bongo,percussion,60,100\n");
  EXPECT_THAT(read_file(folder / "out/LICENCE.txt"), HasSubstr("Frank Wen"));
  const Clip quiet = read_clip(folder / "out/violin/069-060.wav"), loud = read_clip(folder / "out/violin/069-120.wav");
  EXPECT_EQ(loud.samples.size(), 12800u);
  const auto level = [](const Clip& clip) {
    return std::abs(*std::max_element(clip.samples.begin(), clip.samples.end(), [](float a, float b) { return std::abs(a) < std::abs(b); }));
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
}

TEST(Render, NamesThePackageOfAMissingSoundfont) {
  TemporaryFolder folder;
  Recipe recipe = small();
  recipe.soundfont = (folder / "none.sf2").string();
  EXPECT_THAT(error_of([&] { render(recipe, folder / "out"); }), HasSubstr("none.sf2: no such soundfont (apt-get install fluid-soundfont-gm"));
  recipe.soundfont = (folder / "text.sf2").string();
  write_file(recipe.soundfont, "not a soundfont");
  EXPECT_THAT(error_of([&] { render(recipe, folder / "out"); }), HasSubstr("text.sf2: is not a SoundFont"));
}

TEST(Render, RefusesNamesThatAreNotFileNames) {
  TemporaryFolder folder;
  Recipe recipe = small();
  recipe.instruments[0].name = "../up";
  EXPECT_EQ(error_of([&] { render(recipe, folder / "out"); }), "recipe: instrument '../up' must be made of letters, digits, '_' and '-'");
  recipe.instruments[0].name = "bongo";
  EXPECT_EQ(error_of([&] { render(recipe, folder / "out"); }), "recipe: two instruments are named 'bongo'");
  EXPECT_EQ(error_of([&] { render({}, folder / "out"); }), "recipe: neither instruments nor percussion");
}

TEST(Recipes, OfTheDataFolderAreUnderstood) {
  for (const auto& entry : fs::directory_iterator(fs::path(NR_SOURCE_DIR) / "data"))
    if (entry.path().extension() == ".yaml")
      EXPECT_EQ(error_of([&] { config::read<Recipe>(config::load(entry.path())); }), "no error") << entry.path();
}

}  // namespace
}  // namespace nr
