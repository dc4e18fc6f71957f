#include "midi/file.h"

#include <gmock/gmock.h>

#include "base/random.h"
#include "midi/smf.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pointwise;

// "seconds kind channel number value" of every event.
std::vector<std::string> events_of(const std::string& bytes) {
  MidiFile file(bytes, "x.mid");
  std::vector<std::string> out;
  for (MidiEvent e; file.next(e);)
    out.push_back(text(e.seconds, " ", "-+cb"[int(e.kind)], " ", e.channel, " ", e.number, " ", e.value));
  return out;
}
std::string refusal(const std::string& bytes) {
  return error_of([&] { MidiFile(bytes, "x.mid"); });
}

TEST(MidiFile, GivesNotesControllersAndBendsInOrderOfTime) {
  SmfTrack first, second;
  first.on(0, 60, 100).off(250, 60).controller(1000, 74, 30).end(1500);
  second.on(100, 64, 1, 3).bend(400, -8192).bend(500, 8191).off(1000, 64, 3).end(1000);
  EXPECT_THAT(events_of(smf({first, second})),
              ElementsAre("0 + 0 60 100", "0.1 + 3 64 1", "0.25 - 0 60 0", "0.4 b 0 0 -8192", "0.5 b 0 0 8191",
                          "1 c 0 74 30", "1 - 3 64 0"));
  EXPECT_EQ(MidiFile(smf({first, second}), "x.mid").seconds(), 1.5);
}

TEST(MidiFile, AppliesTheTempoOfAnyTrackToAll) {
  SmfTrack tempo, notes;
  tempo.tempo(480, 1000000).tempo(960, 250000).end(960);
  notes.on(0, 60).off(720, 60).on(960, 62).off(1440, 62).end(1440);
  EXPECT_THAT(events_of(smf({tempo, notes}, 1, 480)),
              ElementsAre("0 + 0 60 127", "1 - 0 60 0", "1.5 + 0 62 127", "1.75 - 0 62 0"));
}

TEST(MidiFile, CountsSmpteFramesWhereItsHeaderSaysSo) {
  SmfTrack track;
  track.tempo(0, 1000000).on(0, 60).off(1000, 60).end(1000);
  EXPECT_THAT(events_of(smf({track}, 0, 0xe728)), ElementsAre("0 + 0 60 127", "1 - 0 60 0"));  // 25 frames of 40
  MidiFile drop(smf({track}, 0, (256 - 29) * 256 + 100), "x.mid");
  EXPECT_NEAR(drop.seconds(), 10 * 1001 / 30000.0, 1e-12);
}

TEST(MidiFile, ReadsRunningStatusAndVelocityZeroAndSkipsWhatIsNotPlayed) {
  SmfTrack track;
  track.add(0, {0xff, 0x03, 2, 'a', 'b'}).add(0, {0xf0, 3, 1, 2, 0xf7}).add(0, {0xc0, 5}).on(0, 60, 9);
  track.add(10, {60, 0}).add(20, {62, 8}).add(25, {0xd0, 1}).add(26, {0xa0, 62, 1}).add(30, {0x90, 62, 0});
  EXPECT_THAT(events_of(smf({track})), ElementsAre("0 + 0 60 9", "0.01 - 0 60 0", "0.02 + 0 62 8", "0.03 - 0 62 0"));
}

TEST(MidiFile, EndsNotesThatNeverEndAtItsEndAndLeavesOutEndsWithoutANote) {
  SmfTrack track;
  track.off(0, 50).on(10, 60).on(20, 60).off(30, 60).on(40, 70).end(1000);
  const std::string bytes = smf({track});
  EXPECT_THAT(events_of(bytes), ElementsAre("0.01 + 0 60 127", "0.02 + 0 60 127", "0.03 - 0 60 0", "0.04 + 0 70 127",
                                            "1 - 0 60 0", "1 - 0 70 0"));
  MidiFile file(bytes, "x.mid");
  EXPECT_EQ(file.unended(), 0) << "counted while it is read";
  for (MidiEvent e; file.next(e);) {
  }
  EXPECT_EQ(file.unended(), 2);
}

TEST(MidiFile, EndsNotesByAllNotesOff) {
  SmfTrack track;
  track.on(0, 60).on(0, 61, 100, 1).controller(10, 123, 0).off(20, 60).off(20, 61, 1).end(30);
  EXPECT_THAT(events_of(smf({track})), ElementsAre("0 + 0 60 127", "0 + 1 61 100", "0.01 c 0 123 0", "0.02 - 1 61 0"));
}

TEST(MidiFile, IsTheSameAfterRewinding) {
  SmfTrack track;
  track.tempo(0, 250000).on(0, 60).tempo(100, 500000).off(200, 60).on(300, 61).end(400);
  MidiFile file(smf({track}), "x.mid");
  for (int time = 0; time < 2; ++time, file.rewind()) {
    std::vector<double> seconds;
    for (MidiEvent e; file.next(e);) seconds.push_back(e.seconds);
    EXPECT_THAT(seconds, Pointwise(DoubleNear(1e-12), {0.0, 0.15, 0.25, 0.35}));
  }
}

TEST(MidiFile, RefusesWhatIsNoneWithTheReason) {
  SmfTrack track;
  track.on(0, 60).off(10, 60).end(10);
  EXPECT_EQ(refusal(""), "x.mid: is not a Standard MIDI File (expected 'MThd' at its start)");
  EXPECT_EQ(refusal("RIFF of some sort"), "x.mid: is not a Standard MIDI File (expected 'MThd' at its start)");
  EXPECT_EQ(refusal(smf({track}, 2)), "x.mid: is a MIDI file of format 2, expected 0 or 1 (one piece)");
  EXPECT_EQ(refusal(smf({track}, 0, 0)), "x.mid: is damaged: its beats have no ticks");
  std::string two = smf({track});
  two[11] = 2;
  EXPECT_EQ(refusal(two), "x.mid: is cut short: holds 1 of 2 tracks");
  EXPECT_EQ(refusal(smf({SmfTrack().add(0, {60, 100})})),
            "x.mid: is damaged: track 1, byte 1 of 3: its first event has no status byte");
  EXPECT_EQ(refusal(smf({SmfTrack().add(0, {0x90, 60, 200})})),
            "x.mid: is damaged: track 1, byte 4 of 4: a value of 200, expected at most 127");
  EXPECT_THAT(refusal(smf({SmfTrack().add(0, {0x90, 60})})), HasSubstr("it ends within an event"));
  EXPECT_THAT(refusal(smf({SmfTrack().add(0, {0xf4})})), HasSubstr("status byte 244 does not occur in files"));
  EXPECT_THAT(refusal(smf({SmfTrack().add(0, {0xff, 1, 100, 1})})), HasSubstr("it ends within an event"));
  EXPECT_THAT(refusal(smf({SmfTrack().tempo(0, 0)})), HasSubstr("a tempo of 0 microseconds a beat"));
  EXPECT_THAT(refusal(smf({SmfTrack().add(0, {0xf0, 0xff, 0xff, 0xff, 0xff, 0xff})})),
              HasSubstr("a number of more than 4 bytes"));
  EXPECT_EQ(refusal(smf({SmfTrack().end(90000001)})), "x.mid: lasts 25 hours, the limit is 24");
}

TEST(MidiFile, RefusesEveryCut) {
  SmfTrack first, second;
  first.tempo(0, 400000).end(0);
  second.on(0, 60).off(10, 60).controller(300, 7, 1).end(500);
  const std::string whole = smf({first, second});
  EXPECT_EQ(refusal(whole), "no error");
  for (size_t length = 4; length < whole.size(); ++length)
    EXPECT_THAT(refusal(whole.substr(0, length)), HasSubstr("x.mid: is cut short: ")) << length;
}

// Whatever the bytes, reading ends in events that are in order and in range, or in an Error.
TEST(MidiFile, OfDamagedBytesIsRefusedOrInOrder) {
  SmfTrack first, second;
  first.tempo(0, 400000).on(3, 50, 20, 2).add(3, {0xf0, 2, 1, 0xf7}).off(9, 50, 2).end(10);
  second.on(0, 60).off(10, 60).controller(300, 7, 1).bend(310, 77).end(500);
  const std::string whole = smf({first, second});
  int read = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    Random random(3, trial);
    std::string bytes = whole;
    for (int changes = 1 + int(random.below(3)); changes > 0; --changes)
      bytes[14 + random.below(bytes.size() - 14)] = char(random.below(256));
    try {
      MidiFile file(bytes, "x.mid");
      ++read;
      double last = 0;
      for (MidiEvent e; file.next(e); last = e.seconds) {
        ASSERT_GE(e.seconds, last);
        ASSERT_TRUE(e.channel >= 0 && e.channel < 16 && e.number >= 0 && e.number < 128) << trial;
        ASSERT_TRUE(e.value <= 127 || e.kind == MidiEvent::Kind::kBend) << trial;
      }
      ASSERT_LE(last, file.seconds());
    } catch (const Error&) {
    }
  }
  EXPECT_GT(read, 1000);
  EXPECT_LT(read, 19000);
}

}  // namespace
}  // namespace nr
