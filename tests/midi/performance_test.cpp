#include "midi/performance.h"

#include <gmock/gmock.h>

#include <cmath>

#include "midi/smf.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Scale> controls() { return {{"pitch", std::log2(20), std::log2(5120), {}}, {"rms", -60, 0, {}}}; }

struct Rows {
  std::vector<int> keys;  // nearest
  std::vector<bool> sounds;
  std::string warnings;
};

Rows rows_of(const SmfTrack& track, double frame_seconds, int channel = 0) {
  VoiceConfig config;
  config.attack = config.release = 0;
  testing::internal::CaptureStderr();
  Performance performance(MidiFile(smf({track}), "x.mid"), channel, controls(), config, frame_seconds);
  Rows out;
  for (int64_t i = 0; i < performance.frames(); ++i) {
    float row[2];
    performance.next(row);
    out.keys.push_back(int(std::lround(69 + 12 * std::log2(20 * std::exp2((row[0] + 1.0) * 4) / 440))));
    out.sounds.push_back(row[1] > -1);
  }
  performance.warn();
  out.warnings = testing::internal::GetCapturedStderr();
  return out;
}

TEST(Performance, PlaysEachEventAtTheNearestFrame) {
  SmfTrack track;
  track.on(14, 60).off(16, 60).on(35, 62).off(64, 62).end(64);
  const Rows got = rows_of(track, 0.01);
  //                              0      10    20     30     40    50    60, and what dies away
  EXPECT_THAT(got.sounds, ElementsAre(false, true, false, false, true, true, false, false));
  EXPECT_EQ(got.keys[1], 60);
  EXPECT_EQ(got.keys[4], 62);
}

TEST(Performance, StaysInTimeOverHours) {
  SmfTrack track;  // a note of 16 ms at every third of a second, on a frame of 512 samples at 16 kHz
  constexpr int kNotes = 30000;
  for (int i = 0; i < kNotes; ++i) track.on(i * 1000 / 3, 60).off(i * 1000 / 3 + 16, 60);
  const Rows got = rows_of(track.end(kNotes * 1000 / 3), 0.032);
  int notes = 0;
  for (size_t i = 0; i < got.sounds.size(); ++i) {
    if (!got.sounds[i] || (i && got.sounds[i - 1])) continue;
    EXPECT_NEAR(double(i) * 0.032, notes * 1000 / 3 / 1000.0, 0.0161);
    ++notes;
  }
  EXPECT_EQ(notes, kNotes);
}

TEST(Performance, HasTheNextPitchBeforeTheLevelRises) {
  SmfTrack track;
  track.on(20, 60).off(40, 60).on(80, 72).off(90, 72).end(90);
  EXPECT_THAT(rows_of(track, 0.01).keys, ElementsAre(69, 60, 60, 60, 60, 60, 60, 72, 72, 72, 72));
}

TEST(Performance, HoldsWhatNeverEndsUntilTheEndAndSaysSo) {
  SmfTrack track;
  track.on(10, 60).end(40);
  const Rows got = rows_of(track, 0.01);
  EXPECT_THAT(got.sounds, ElementsAre(false, true, true, true, false, false));
  EXPECT_THAT(got.warnings, HasSubstr("x.mid: 1 note never ended: held until the file's end"));
  EXPECT_FALSE(rows_of(SmfTrack().on(10, 60), 0.01).sounds.back());
}

TEST(Performance, LeavesOutPercussionUnlessItIsChosen) {
  SmfTrack track;
  track.on(0, 60).off(20, 60).on(20, 36, 127, 9).off(40, 36, 9).end(40);
  const Rows got = rows_of(track, 0.01);
  EXPECT_THAT(got.sounds, ElementsAre(true, true, false, false, false, false));
  EXPECT_THAT(got.warnings, HasSubstr("x.mid: 1 note on channel 10 left out: percussion"));
  const Rows drums = rows_of(track, 0.01, 10);
  EXPECT_THAT(drums.sounds, ElementsAre(false, false, true, true, false, false));
  EXPECT_EQ(drums.warnings, "");
}

TEST(Performance, WarnsOfNotesThatWereNotPlayedAsWritten) {
  SmfTrack track;
  track.on(0, 60).on(0, 64).off(20, 60).off(20, 64).on(30, 1).off(40, 1).end(40);
  const std::string warnings = rows_of(track, 0.01).warnings;
  EXPECT_THAT(warnings, HasSubstr("1 note not heard: one voice plays the last of the notes that are held"));
  EXPECT_THAT(warnings, HasSubstr("1 note beyond the control's range, played at its nearest pitch: 20 to 5120 Hz"));
}

TEST(Performance, RefusesAFileWithoutANoteToPlay) {
  const auto refusal = [](const SmfTrack& track, int channel) {
    return error_of([&] { Performance(MidiFile(smf({track}), "x.mid"), channel, controls(), {}, 0.01); });
  };
  EXPECT_EQ(refusal(SmfTrack().end(10), 0), "x.mid: holds no note to play (channels with notes: none)");
  EXPECT_EQ(refusal(SmfTrack().on(0, 36, 1, 9), 0),
            "x.mid: holds no note to play (channels with notes: 10 (percussion))");
  EXPECT_EQ(refusal(SmfTrack().on(0, 60).on(0, 60, 1, 2), 2),
            "x.mid: holds no note to play on channel 2 (channels with notes: 1, 3)");
}

}  // namespace
}  // namespace nr
