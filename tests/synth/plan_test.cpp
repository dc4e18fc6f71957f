#include "synth/plan.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>

#include "config/reader.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::HasSubstr;

Recipe styles() {
  Recipe recipe;
  Instrument violin{"violin", "string", 40, 69, 69, 1, {}, 0, 0};
  recipe.instruments = {violin, violin};
  recipe.instruments[1].style = "vibrato";
  recipe.instruments[1].modulation = 64;
  return recipe;
}

Recipe digits() {
  Recipe recipe;
  recipe.spoken = {{"zero", "one"}, {"en", "en-us+f3"}, {120, 175}, {5}, 50, 1};
  return recipe;
}

TEST(Plan, NamesAFolderAfterTheInstrumentAndAnyStyleButOrdinario) {
  const Plan files = plan(styles());
  EXPECT_EQ(manifest(files),
            "path,instrument,family,style,pitch,velocity\n"
            "violin/069-100.wav,violin,string,ordinario,69,100\n"
            "violin-vibrato/069-100.wav,violin,string,vibrato,69,100\n");
  EXPECT_EQ(std::get<Note>(files.lists[0][0].sound).modulation, 0);
  EXPECT_EQ(std::get<Note>(files.lists[1][0].sound).modulation, 64);
}

TEST(Plan, RefusesTwoInstrumentsInOneFolder) {
  Recipe recipe = styles();
  recipe.instruments[1].style = kOrdinario;
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: two instruments are named 'violin'");
  recipe = styles();
  recipe.percussion.emplace_back();
  recipe.percussion.back().name = "violin-vibrato";
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: two instruments are named 'violin-vibrato'");
}

TEST(Plan, RefusesNamesThatAreNotFileNames) {
  Recipe recipe = styles();
  recipe.instruments[0].name = "../up";
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: instrument '../up' must be made of letters, digits, '_' and '-'");
  recipe = styles();
  recipe.instruments[1].style = "col legno";
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: style 'col legno' must be made of letters, digits, '_' and '-'");
  recipe = digits();
  recipe.spoken.words[1] = "-one";
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: word '-one' must be made of letters and digits");
  recipe = digits();
  recipe.spoken.voices[1] = "mb/mb-en1";
  EXPECT_EQ(error_of([&] { plan(recipe); }),
            "recipe: voice 'mb/mb-en1' must be made of letters, digits, '_', '-' and '+'");
}

TEST(Plan, SpeaksEveryWordInEveryVoiceAtEverySpeedAndPitch) {
  const Plan files = plan(digits());
  EXPECT_EQ(manifest(files),
            "path,word,speaker,speed,pitch\n"
            "zero/en-120-05.wav,zero,en,120,5\nzero/en-175-05.wav,zero,en,175,5\n"
            "one/en-120-05.wav,one,en,120,5\none/en-175-05.wav,one,en,175,5\n"
            "zero/en-us+f3-120-05.wav,zero,en-us+f3,120,5\nzero/en-us+f3-175-05.wav,zero,en-us+f3,175,5\n"
            "one/en-us+f3-120-05.wav,one,en-us+f3,120,5\none/en-us+f3-175-05.wav,one,en-us+f3,175,5\n");
}

TEST(Plan, RefusesWhatIsEmptyTwiceOrOfTwoKinds) {
  EXPECT_EQ(error_of([] { plan({}); }), "recipe: neither instruments nor percussion nor spoken words nor presets");
  Recipe recipe = digits();
  recipe.instruments = styles().instruments;
  EXPECT_EQ(error_of([&] { plan(recipe); }),
            "recipe: notes and spoken words have different manifests: give each a recipe and a folder");
  recipe = digits();
  recipe.spoken.words.clear();
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: spoken.words is empty");
  recipe = digits();
  recipe.spoken.speeds.clear();
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: spoken.speeds is empty");
  recipe = digits();
  recipe.spoken.voices[1] = "en";
  EXPECT_EQ(error_of([&] { plan(recipe); }), "recipe: zero/en-120-05.wav is spoken twice");
}

Plan of_data(const char* recipe) {
  return plan(config::read<Recipe>(config::load(std::filesystem::path(NR_SOURCE_DIR) / "data" / recipe)));
}

TEST(Plan, OfTheOrchestraHasTwelveInstrumentsAndTenStylesOfTheViolin) {
  std::map<std::string, std::set<std::string>> styles;  // instrument -> folders
  for (const auto& list : of_data("orchestra.yaml").lists) {
    const std::string& labels = list.front().labels;
    styles[labels.substr(0, labels.find(','))].insert(list.front().path.substr(0, list.front().path.find('/')));
  }
  EXPECT_EQ(styles.size(), 12u);
  EXPECT_EQ(styles["violin"].size(), 10u);
}

TEST(Plan, OfTheNSynthLikeNotesUsesNSynthsElevenFamilies) {
  std::set<std::string> families;
  for (const auto& list : of_data("nsynth_like.yaml").lists) {
    const std::string rest = list.front().labels.substr(list.front().labels.find(',') + 1);
    families.insert(rest.substr(0, rest.find(',')));
  }
  EXPECT_THAT(families, testing::UnorderedElementsAre("bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ",
                                                      "reed", "string", "synth_lead", "vocal"));
}

}  // namespace
}  // namespace nr
