#include "export/runtime/midi_voice.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nr {
namespace {

double hz(const MidiVoice& voice) { return std::exp2(double(voice.octaves())); }

TEST(MidiVoice, TheLastNoteHasPriorityAndLetsTheOneBeforeSoundAgain) {
  MidiVoice voice;
  EXPECT_FALSE(voice.held());
  EXPECT_FALSE(voice.played());
  voice.note_on(69, 127), voice.note_on(57, 64), voice.note_on(81, 32);
  EXPECT_NEAR(hz(voice), 880, 0.01);
  EXPECT_FLOAT_EQ(voice.velocity(), 32 / 127.0f);
  voice.note_off(57);
  EXPECT_NEAR(hz(voice), 880, 0.01);
  voice.note_off(81);
  EXPECT_NEAR(hz(voice), 440, 0.01);
  EXPECT_FLOAT_EQ(voice.velocity(), 1);
  voice.note_on(69, 0);
  EXPECT_FALSE(voice.held());
  EXPECT_TRUE(voice.played());
  EXPECT_NEAR(hz(voice), 440, 0.01) << "its release is at its pitch";
}

TEST(MidiVoice, ANoteStruckAgainIsHeldOnce) {
  MidiVoice voice;
  voice.note_on(60, 100), voice.note_on(64, 100), voice.note_on(60, 50);
  EXPECT_NEAR(hz(voice), 261.6256, 0.01);
  voice.note_off(60);
  EXPECT_NEAR(hz(voice), 329.6276, 0.01);
  voice.note_off(64);
  EXPECT_FALSE(voice.held());
}

TEST(MidiVoice, BendsByTwoSemitones) {
  MidiVoice voice;
  voice.note_on(69, 100);
  voice.bend(-8192);
  EXPECT_NEAR(hz(voice), 440 * std::exp2(-2 / 12.0), 0.01);
  voice.bend(4096);
  EXPECT_NEAR(hz(voice), 440 * std::exp2(1 / 12.0), 0.01);
  voice.bend(100000);
  EXPECT_NEAR(hz(voice), 440 * std::exp2(2 / 12.0), 0.05);
}

TEST(MidiVoice, ControllersSetColourAndVolumeUntilTheyAreReset) {
  MidiVoice voice;
  EXPECT_LT(voice.colour(), 0);
  EXPECT_FLOAT_EQ(voice.volume(), 1);
  voice.control_change(1, 127);
  EXPECT_FLOAT_EQ(voice.colour(), 1);
  voice.control_change(74, 0);
  EXPECT_FLOAT_EQ(voice.colour(), 0);
  voice.control_change(7, 64);
  EXPECT_FLOAT_EQ(voice.volume(), 64 / 127.0f);
  voice.note_on(60, 100), voice.bend(8191);
  voice.control_change(121, 0);
  EXPECT_LT(voice.colour(), 0);
  EXPECT_FLOAT_EQ(voice.volume(), 1);
  EXPECT_NEAR(hz(voice), 261.6256, 0.01);
  EXPECT_TRUE(voice.held());
  voice.control_change(123, 0);
  EXPECT_FALSE(voice.held());
}

TEST(MidiVoice, ForgetsTheOldestOfMoreNotesThanItHolds) {
  MidiVoice voice;
  for (int note = 40; note < 60; ++note) voice.note_on(note, 100);
  for (int note = 59; note > 44; --note) voice.note_off(note);
  EXPECT_NEAR(hz(voice), 440 * std::exp2((44 - 69) / 12.0), 0.01);
  voice.note_off(44);
  EXPECT_FALSE(voice.held());
}

TEST(MidiVoice, IgnoresWhatIsNoMidi) {
  MidiVoice voice;
  voice.note_on(128, 100), voice.note_on(-1, 100), voice.note_on(60, 128), voice.control_change(7, 300);
  EXPECT_FALSE(voice.held());
  EXPECT_FLOAT_EQ(voice.volume(), 1);
}

}  // namespace
}  // namespace nr
