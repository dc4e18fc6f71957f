// Notes: what their names and labels say, and which of them a set of classes keeps.
#include <gmock/gmock.h>

#include "audio/clip.h"
#include "base/files.h"
#include "data/dataset.h"
#include "data/note_labels.h"
#include "data/prepare.h"
#include "support/errors.h"
#include "support/signals.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using Labels = std::map<std::string, std::string>;

Labels labels_of(const std::string& file, Labels labels = {}) {
  add_note_labels(file, labels);
  return labels;
}

TEST(NoteLabels, ComeFromNamesOfNSynth) {
  EXPECT_THAT(labels_of("bass_synthetic_033-022-050.wav"),
              ElementsAre(Pair("instrument", "bass_synthetic_033"), Pair("key", "22"), Pair("octave", "0"),
                          Pair("semitone", "A#")));
  EXPECT_THAT(labels_of("x-200-050.wav"), ElementsAre());
}

TEST(NoteLabels, ComeFromNamesOfStudioOnLineAndSfzPacks) {
  EXPECT_THAT(labels_of("Vn-pizz-secco-A#3-ff-4c.wav"),
              ElementsAre(Pair("instrument", "Vn"), Pair("key", "58"), Pair("octave", "3"), Pair("semitone", "A#"),
                          Pair("style", "pizz-secco")));
  EXPECT_THAT(labels_of("alto_sax-sustain-As3-f-rr1-weresax.flac"),
              ElementsAre(Pair("instrument", "alto_sax"), Pair("key", "58"), Pair("octave", "3"),
                          Pair("semitone", "A#"), Pair("style", "sustain")));
  EXPECT_THAT(labels_of("cello_C2_v1.wav"), ElementsAre(Pair("instrument", "cello"), Pair("key", "36"),
                                                        Pair("octave", "2"), Pair("semitone", "C")));
  EXPECT_THAT(labels_of("0a7c2a8d_nohash_0.wav"), ElementsAre());
  EXPECT_THAT(labels_of("A4.wav"), ElementsAre()) << "a name that only looks like a note may be anything";
}

TEST(NoteLabels, OfAManifestGoBeforeTheName) {
  const Labels found = labels_of("Fl-ord-C4-mf.wav", {{"pitch", "69"}, {"style", "flutter"}});
  EXPECT_EQ(found.at("semitone"), "A");
  EXPECT_EQ(found.at("octave"), "4");
  EXPECT_EQ(found.at("style"), "flutter");
  EXPECT_EQ(found.at("instrument"), "Fl");
}

TEST(NoteLabels, OfNoKeyAreNotAdded) {
  for (const char* pitch : {"nan", "-1", "128", "60.5", "H4", ""})
    EXPECT_THAT(labels_of("a.wav", {{"pitch", pitch}}), ElementsAre(Pair("pitch", pitch))) << pitch;
  EXPECT_EQ(labels_of("a.wav", {{"note", "Bb-1"}}).at("key"), "10");
  EXPECT_EQ(labels_of("a.wav", {{"note", "Bb-1"}}).count("octave"), 0u);
}

struct Notes {
  TemporaryFolder folder;
  DataConfig data;
  Notes() {
    std::string manifest = "path,instrument,pitch\n";
    const auto add = [&](const std::string& name, const std::string& instrument, const std::string& pitch,
                         double gain) {
      write_wav(folder / ("in/" + name), sine(440, 16000, 4000, gain), 16000);
      manifest += name + "," + instrument + "," + pitch + "\n";
    };
    std::filesystem::create_directories(folder / "in");
    for (int i = 0; i < 8; ++i)
      add(text("a", i, ".wav"), i % 2 ? "oboe" : "flute", std::to_string(60 + i), 0.3);
    add("b.wav", "kazoo", "60", 0.3), add("c.wav", "oboe", "nan", 0.3), add("d.wav", "oboe", "61", 0);
    write_file(folder / "in/manifest.csv", manifest);
    data.inputs = {folder / "in"}, data.cache = folder / "cache";
    data.labels = {"semitone", "instrument"};
    data.classes = {{"semitone", {kSemitones, kSemitones + 12}}, {"instrument", {"oboe", "flute"}}};
  }
};

TEST(NoteClasses, LeaveOutWhatHasNoneOrIsSilent) {
  Notes notes;
  prepare(notes.data, {});
  const Dataset dataset(notes.data, {});
  ASSERT_EQ(dataset.clips().size(), 8u) << "kazoo, NaN and silence are left out";
  EXPECT_EQ(dataset.label_groups()[1].classes, (std::vector<std::string>{"oboe", "flute"})) << "in the order given";
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(dataset.label(int(i), 0), int(i));
    EXPECT_EQ(dataset.label(int(i), 1), i % 2 ? 0 : 1);
  }
}

TEST(NoteClasses, ThatDoNotFitAreRefused) {
  Notes notes;
  prepare(notes.data, {});
  notes.data.classes = {{"octav", {"4"}}};
  EXPECT_THAT(error_of([&] { Dataset(notes.data, {}); }), HasSubstr("data.classes: 'octav' is not among data.labels"));
  notes.data.classes = {{"instrument", {"tuba"}}};
  EXPECT_EQ(error_of([&] { Dataset(notes.data, {}); }),
            "data.classes: none of 11 clips has a class of every label named");
}

TEST(NoteClasses, WholePitchesCanBeHeldOut) {
  Notes notes;
  notes.data.group = "key", notes.data.test = 0.3;
  notes.data.classes = {};
  notes.data.labels = {"instrument"};
  prepare(notes.data, {});
  const Dataset dataset(notes.data, {});
  std::map<std::string, std::set<Split>> splits;
  for (const ClipInfo& clip : dataset.clips())
    if (clip.labels.count("key")) splits[clip.labels.at("key")].insert(clip.split);
  for (const auto& [key, found] : splits) EXPECT_EQ(found.size(), 1u) << key;
}

}  // namespace
}  // namespace nr
