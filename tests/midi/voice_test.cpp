#include "midi/voice.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.h"
#include "support/errors.h"

namespace nr {
namespace {
using Kind = MidiEvent::Kind;

constexpr double kFrame = 0.01;  // seconds

// rms -60 to 0 dB, centroid, pitch 20 to 5120 Hz.
std::vector<Scale> controls() {
  return {{"rms", -60, 0, {}}, {"centroid", 8, 12, {}}, {"pitch", std::log2(20), std::log2(5120), {}}};
}

struct Played {
  double level, brightness, cents;  // dB, position, cents above key 60
};

struct Instrument {
  Voice voice;
  explicit Instrument(const VoiceConfig& config = at_once()) : voice(controls(), config, kFrame) {}
  static VoiceConfig at_once() {
    VoiceConfig config;
    config.attack = config.release = 0;
    return config;
  }
  Instrument& on(int key, int velocity = 127, int channel = 0) { return take(Kind::kNoteOn, key, velocity, channel); }
  Instrument& off(int key, int channel = 0) { return take(Kind::kNoteOff, key, 0, channel); }
  Instrument& turn(int number, int value) { return take(Kind::kController, number, value, 0); }
  Instrument& bend(int value) { return take(Kind::kBend, 0, value, 0); }
  Instrument& take(Kind kind, int number, int value, int channel) {
    voice.take({0, kind, channel, number, value});
    return *this;
  }
  Played frame() {
    float row[3];
    voice.next(row);
    return {30 * (row[0] - 1.0), row[1], 1200 * std::log2(20 * std::exp2((row[2] + 1.0) / 2 * 8) / 261.6255653)};
  }
};

TEST(Voice, TurnsKeysIntoPitchAndVelocityIntoLevel) {
  Instrument played;
  EXPECT_NEAR(played.frame().level, -60, 1e-3);
  for (const int key : {60, 61, 69, 21, 108}) EXPECT_NEAR(played.on(key).frame().cents, 100 * (key - 60), 0.05) << key;
  EXPECT_NEAR(played.on(60, 127).frame().level, 0, 1e-3);
  EXPECT_NEAR(played.on(62, 64).frame().level, -30 * 63 / 127.0, 1e-3);
  EXPECT_NEAR(played.on(64, 1).frame().level, -30 * 126 / 127.0, 1e-3);
}

TEST(Voice, PlaysTheLastNoteAndReturnsToTheOneHeldBefore) {
  Instrument played;
  EXPECT_NEAR(played.on(60).frame().cents, 0, 0.1);
  EXPECT_NEAR(played.on(64, 64).frame().cents, 400, 0.1);
  EXPECT_NEAR(played.on(67).frame().cents, 700, 0.1);
  EXPECT_NEAR(played.off(64).frame().cents, 700, 0.1) << "not the sounding one";
  const Played back = played.off(67).frame();
  EXPECT_NEAR(back.cents, 0, 0.1);
  EXPECT_NEAR(back.level, 0, 1e-3) << "by its own velocity";
  EXPECT_NEAR(played.off(60).frame().level, -60, 1e-3);
  EXPECT_TRUE(played.voice.silent());
}

TEST(Voice, CountsNotesThatAnotherCovered) {
  Instrument played;
  played.on(60).on(64).on(67).frame();
  played.off(67).frame();
  played.off(60).off(64).frame();
  EXPECT_EQ(played.voice.unheard(), 1) << "60";
}

TEST(Voice, EndsAKeyStruckTwiceByItsSecondEnd) {
  Instrument played;
  played.on(60, 127).frame();
  played.on(60, 64).frame();
  EXPECT_NEAR(played.off(60).frame().level, -30 * 63 / 127.0, 1e-3);
  EXPECT_NEAR(played.off(60).frame().level, -60, 1e-3);
}

TEST(Voice, PlaysANoteShorterThanAFrameForAFrame) {
  Instrument played;
  EXPECT_NEAR(played.on(60).off(60).frame().level, 0, 1e-3);
  EXPECT_NEAR(played.frame().level, -60, 1e-3);
  played.on(50).frame();
  EXPECT_NEAR(played.on(60).off(60).frame().cents, 0, 0.1);
  EXPECT_NEAR(played.frame().cents, -1000, 0.1);
  EXPECT_EQ(played.voice.unheard(), 0);
}

TEST(Voice, LetsAKeyThatIsStruckAgainBeHeard) {
  VoiceConfig config = Instrument::at_once();
  config.release = 0.06;
  Instrument played(config);
  played.on(60).frame();
  EXPECT_NEAR(played.off(60).on(60).frame().level, -10, 1e-3) << "a frame of release";
  EXPECT_NEAR(played.frame().level, 0, 1e-3);
  EXPECT_NEAR(played.off(60).on(62).frame().level, 0, 1e-3) << "another key needs no gap";
}

TEST(Voice, BendsByTwoSemitonesOrWhatTheFileAsksFor) {
  Instrument played;
  EXPECT_NEAR(played.on(60).bend(4096).frame().cents, 100, 0.1);
  EXPECT_NEAR(played.bend(-8192).frame().cents, -200, 0.1);
  EXPECT_NEAR(played.bend(8191).frame().cents, 200, 0.1);
  played.turn(101, 0).turn(100, 0).turn(6, 12).turn(38, 50);  // RPN 0
  EXPECT_NEAR(played.bend(4096).frame().cents, 625, 0.1);
  played.turn(101, 127).turn(100, 127).turn(6, 1);  // no parameter is chosen
  EXPECT_NEAR(played.frame().cents, 625, 0.1);
  EXPECT_NEAR(played.turn(121, 0).frame().cents, 0, 0.1);
  VoiceConfig wide = Instrument::at_once();
  wide.bend_range = 12;
  EXPECT_NEAR(Instrument(wide).on(60).bend(-8192).frame().cents, -1200, 0.1);
}

TEST(Voice, GlidesEvenlyInCentsOverTheTimeThatIsAskedFor) {
  VoiceConfig config = Instrument::at_once();
  config.glide = 0.04;
  Instrument played(config);
  EXPECT_NEAR(played.on(60).frame().cents, 0, 0.1);
  played.on(72);
  for (const double cents : {300, 600, 900, 1200, 1200}) EXPECT_NEAR(played.frame().cents, cents, 0.1);
  played.off(72);
  for (const double cents : {900, 600, 300, 0, 0}) EXPECT_NEAR(played.frame().cents, cents, 0.1);
  played.off(60).frame();
  ASSERT_TRUE(played.voice.silent());
  EXPECT_NEAR(played.on(80).frame().cents, 2000, 0.1) << "after silence nothing glides";
}

TEST(Voice, RisesAndFallsInTheTimesThatAreAskedFor) {
  VoiceConfig config;
  config.attack = 0.03, config.release = 0.06;
  Instrument played(config);
  played.on(60);
  for (const double level : {-40, -20, 0, 0}) EXPECT_NEAR(played.frame().level, level, 1e-3);
  played.off(60);
  for (const double level : {-10, -20, -30, -40, -50, -60, -60}) EXPECT_NEAR(played.frame().level, level, 1e-3);
}

TEST(Voice, IsTurnedDownByVolumeAndExpression) {
  Instrument played;
  EXPECT_NEAR(played.on(60).turn(7, 64).frame().level, 40 * std::log10(64 / 127.0), 1e-3);
  EXPECT_NEAR(played.turn(11, 64).frame().level, 80 * std::log10(64 / 127.0), 1e-3);
  EXPECT_NEAR(played.turn(7, 0).frame().level, -60, 1e-3);
  EXPECT_NEAR(played.turn(7, 127).turn(11, 127).frame().level, 0, 1e-3);
}

TEST(Voice, BrightensByTheWheelAndByController74) {
  Instrument played;
  EXPECT_NEAR(played.on(60).frame().brightness, 0, 1e-6);
  EXPECT_NEAR(played.turn(74, 127).frame().brightness, 1, 1e-6);
  EXPECT_NEAR(played.turn(74, 0).frame().brightness, -1, 1e-6);
  EXPECT_NEAR(played.turn(1, 127).frame().brightness, 0, 1e-6);
  EXPECT_NEAR(played.turn(74, 64).frame().brightness, 1, 1e-6);
  EXPECT_NEAR(played.turn(1, 0).frame().brightness, 0, 1e-6);
  VoiceConfig config;
  config.cc = {"20=centroid", "74=centroid"};
  EXPECT_NEAR(Instrument(config).turn(20, 0).frame().brightness, -1, 1e-6);
}

TEST(Voice, HoldsTheLastNoteWhileThePedalIsDown) {
  Instrument played;
  played.turn(64, 127).on(60).frame();
  EXPECT_NEAR(played.off(60).frame().level, 0, 1e-3);
  EXPECT_NEAR(played.on(62).frame().cents, 200, 0.1);
  EXPECT_NEAR(played.off(62).frame().cents, 200, 0.1);
  EXPECT_NEAR(played.turn(64, 0).frame().level, -60, 1e-3) << "60 does not come back";
  played.on(60).on(64).frame();
  EXPECT_NEAR(played.turn(123, 0).frame().level, -60, 1e-3);
}

TEST(Voice, PlaysPitchesBeyondTheControlAtItsEndsAndCountsThem) {
  Instrument played;
  EXPECT_NEAR(played.on(0).frame().cents, 1200 * std::log2(20 / 261.6255653), 0.1);
  EXPECT_NEAR(played.on(127).frame().cents, 1200 * std::log2(5120 / 261.6255653), 0.1);
  played.on(60).frame();
  EXPECT_EQ(played.voice.beyond(), 2);
}

TEST(Voice, KeepsTheChannelsOfAFileApart) {
  Instrument played;
  played.on(60).take(Kind::kBend, 0, 8191, 5).take(Kind::kController, 7, 0, 5);
  EXPECT_NEAR(played.frame().cents, 0, 0.1);
  EXPECT_NEAR(played.off(60, 5).frame().level, 0, 1e-3);
  EXPECT_NEAR(played.on(60, 127, 5).frame().cents, 200, 0.1);
}

TEST(Voice, IsPeriodicWhileItSounds) {
  if (!descriptors().find("periodicity")) GTEST_SKIP() << "the descriptor is still named voicing";
  std::vector<Scale> scales = controls();
  scales.push_back({"periodicity", 0, 1, {}});
  VoiceConfig config;
  config.release = 0.02, config.periodicity = 0.75;
  Voice voice(scales, config, kFrame);
  std::vector<float> got;
  const auto frame = [&] {
    float row[4];
    voice.next(row);
    got.push_back(row[3]);
  };
  frame();
  voice.take({0, Kind::kNoteOn, 0, 60, 127});
  frame(), frame();
  voice.take({0, Kind::kNoteOff, 0, 60, 0});
  frame(), frame();
  EXPECT_THAT(got, testing::ElementsAre(-1, 0.5, 0.5, 0.5, -1));
}

// Whatever is played, controls stay in their range.
TEST(Voice, StaysInRangeWhateverItIsGiven) {
  for (int trial = 0; trial < 200; ++trial) {
    Random random(5, trial);
    VoiceConfig config;
    config.glide = 0.1 * double(random.below(3)), config.attack = 0.05 * double(random.below(3));
    config.cc = {"20=centroid"};
    Voice voice(controls(), config, kFrame);
    for (int i = 0; i < 400; ++i) {
      MidiEvent event{0, Kind(random.below(4)), int(random.below(16)), int(random.below(128)), int(random.below(128))};
      if (event.kind == Kind::kBend) event.value = int(random.below(16384)) - 8192;
      if (event.kind == Kind::kNoteOn) event.value |= 1;
      voice.take(event);
      if (random.below(3)) continue;
      float row[3];
      voice.next(row);
      for (const float x : row) ASSERT_TRUE(x >= -1 && x <= 1) << x;
    }
  }
}

TEST(Voice, SaysWhatItCannotPlay) {
  const auto refusal = [](const std::vector<Scale>& scales, const std::vector<std::string>& cc) {
    VoiceConfig config;
    config.cc = cc;
    return error_of([&] { Voice(scales, config, kFrame); });
  };
  EXPECT_EQ(refusal({{"rms", -60, 0, {}}}, {}),
            "the model has no control 'pitch' and cannot play notes (its controls: rms); train one with "
            "configs/rave/harmonic.yaml");
  EXPECT_EQ(refusal(controls(), {"20=centriod"}),
            "controller '20=centriod': no control named 'centriod' (did you mean 'centroid'?)");
  EXPECT_EQ(refusal(controls(), {"20=pitch"}), "controller '20=pitch': pitch is given by the notes");
  EXPECT_EQ(refusal(controls(), {"7=centroid"}),
            "controller '7=centroid': 7 has its own meaning (level, bend range, pedal)");
  for (const char* bad : {"centroid", "=centroid", "20=", "120=centroid", "x=centroid"})
    EXPECT_EQ(refusal(controls(), {bad}),
              text("controller '", bad, "': expected number=control, number from 0 to 119"));
}

}  // namespace
}  // namespace nr
