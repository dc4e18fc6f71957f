// Notes that are not as they should be: a line each, and the rest trains and is evaluated.
#include <gmock/gmock.h>

#include "audio/clip.h"
#include "base/files.h"
#include "base/log.h"
#include "data/prepare.h"
#include "evaluation/results.h"
#include "support/errors.h"
#include "support/note_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// A small set, and what a test puts beside it in a manifest.
struct BadNotes : testing::Test {
  TemporaryFolder folder;
  std::string manifest = "path,instrument,pitch,style\n", said;

  void add(const std::string& name, const std::vector<float>& samples, const std::string& columns) {
    write_wav(folder / ("notes/" + name), samples, kNoteRate);
    manifest += name + "," + columns + "\n";
  }
  void add_good(const std::vector<bool>& evens) {
    for (const bool even : evens)
      for (int key = 60; key < 72; ++key)
        for (int take = 0; take < 3; ++take)
          add(text(even ? "oboe" : "clarinet", key, "x", take, ".wav"), small_note(key, even, uint64_t(take)),
              text(even ? "oboe" : "clarinet", ",", key, ",ord"));
  }
  // Trains two steps and evaluates.
  std::string error() {
    write_file(folder / "notes/manifest.csv", manifest);
    config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/wae/wae_fader.yaml");
    make_small_wae(root, folder / "notes", folder / "cache");
    config::set(root, "training.phases.representation.steps=2");
    const RunConfig config = read_run_config(root);
    testing::internal::CaptureStderr();
    const std::string out = error_of([&] {
      prepare(config.data, config.descriptors);
      train(config, folder / "run");
      EvaluationConfig quick;
      quick.examples = 1, quick.bootstrap = 100;
      evaluate({folder / "run"}, quick);
    });
    said = testing::internal::GetCapturedStderr();
    return out;
  }
};

TEST_F(BadNotes, AreLeftOutWithALineEach) {
  add_good({true, false});
  const std::vector<float> good = small_note(64, true, 9);
  add("unlabelled.wav", good, ",64,ord");
  add("no_pitch.wav", good, "oboe,nan,ord");
  add("too_high.wav", good, "oboe,200,ord");
  add("no_style.wav", good, "oboe,64,NaN");
  add("silent.wav", std::vector<float>(2048, 0.f), "oboe,64,ord");
  add("kazoo.wav", good, "kazoo,64,ord"), add("kazoo2.wav", good, "kazoo,65,ord");
  EXPECT_EQ(error(), "no error");
  for (const char* line : {"unlabelled.wav: has no label 'instrument'; left out", "silent.wav: is silent; left out",
                           "no_style.wav: has no label 'style'; left out"})
    EXPECT_THAT(said, HasSubstr(line));
  for (const char* name : {"no_pitch.wav: has no label '", "too_high.wav: has no label '"})
    EXPECT_THAT(said, HasSubstr(name));
  EXPECT_THAT(said, HasSubstr("2 clips of instrument 'kazoo', which data.classes does not name, are left out"));
  EXPECT_THAT(read_file(folder / "run/evaluation/table.md"), HasSubstr("| run |"));
  EXPECT_THAT(read_file(folder / "run/clips.csv"), Not(HasSubstr("silent")));
}

TEST_F(BadNotes, ThatAreShortOrLongAreCutOrEndInSilence) {
  add_good({true, false});
  std::vector<float> note = small_note(64, true, 9);
  note.resize(40);
  add("short.wav", note, "oboe,64,ord");
  note = small_note(64, true, 9);
  note.resize(30 * 2048, 0.1f);
  add("long.wav", note, "oboe,64,ord");
  EXPECT_EQ(error(), "no error");
  EXPECT_THAT(read_file(folder / "run/clips.csv"), testing::AllOf(HasSubstr("short.wav"), HasSubstr("long.wav")));
}

TEST_F(BadNotes, OfOneClassOnlyTrainAndAreEvaluated) {
  add_good({true});
  EXPECT_EQ(error(), "no error");
  EXPECT_THAT(said, HasSubstr("data.classes.instrument: all clips are 'oboe'; none is of another class"));
}

}  // namespace
}  // namespace nr
