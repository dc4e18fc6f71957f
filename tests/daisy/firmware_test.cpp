// The whole firmware on this machine: what is wired to a board goes in. Out come the values of the controls, as an
// integer program has them, or the sound that its oscillator makes of them.
#include <gmock/gmock.h>

#include <cmath>
#include <complex>
#include <sstream>

#include "base/files.h"
#include "support/command.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

const std::string kSource = NR_SOURCE_DIR, kSeed = "", kPatch = "-DNR_PATCH_SM ";
constexpr double kTickSeconds = 512.0 / 16000;
constexpr double kC2 = 65.40639;  // Hz, at 0 V
enum { kLevel, kPitch, kPeriodicity, kCentroid };

std::string flags(const std::string& options) {
  const std::string from = kSource + "/export/";
  return "-std=gnu++17 -Wall -Wextra -Werror " + options + " -I" + from + "runtime -I" + from + "daisy -I" + from +
         "daisy/stub -DNR_HEADER='\"" + kSource + "/tests/daisy/board/decoder.h\"' " + from + "daisy/main.cpp ";
}

// A line of the script in tests/daisy/board/libdaisy.cpp.
struct Line {
  double inputs[12] = {};
  int gate = 0, button = 0;
  double hz = 0;
  std::string midi = "";  // status and two numbers a message
};

using Played = std::vector<std::vector<double>>;  // [tick][control], or of a program that sounds [tick][sample]

class FirmwareOnThisMachine : public testing::Test {
 protected:
  void build(const std::string& options) {
    const Ran built = run_command("g++ " + flags(options) + kSource + "/tests/daisy/board/libdaisy.cpp " + kSource +
                                  "/export/runtime/*.cpp -o " + std::string(folder_ / "firmware"));
    ASSERT_EQ(built.status, 0) << built.output;
  }

  Played play(const std::vector<Line>& lines, int shown = 4) {
    write_file(folder_ / "script", [&](std::ostream& out) {
      for (const Line& line : lines) {
        out.precision(9);
        for (const double x : line.inputs) out << x << " ";
        out << line.gate << " " << line.button << " " << line.hz << " " << line.midi << "\n";
      }
    });
    const Ran ran = run_command("cd " + folder_.path().string() + " && ./firmware < script");
    EXPECT_EQ(ran.status, 0) << ran.output;
    Played played;
    std::istringstream out(ran.output);
    for (std::string text; std::getline(out, text);) {
      std::istringstream in(text);
      played.emplace_back(shown);
      for (double& x : played.back()) in >> x;
    }
    EXPECT_EQ(played.size(), lines.size());
    played.resize(lines.size(), std::vector<double>(shown));
    return played;
  }

  TemporaryFolder folder_;
};

// What a converter of 16 bits gives for a voltage.
double reading(const std::string& board, double volts) {
  if (board == kPatch) return std::round((volts / 5 + 1) / 2 * 65536) / 32768 - 1;
  return std::round(volts * 180 / 280 / 3.3 * 65535) / 65535;
}

// The value's pitch as the scale of a decoder with an excitation has it: 20 Hz at -1, eight octaves to 1.
double cents_from(double hz, double value) { return 1200 * (std::log2(20) + 4 * (value + 1) - std::log2(hz)); }

TEST_F(FirmwareOnThisMachine, PlaysAVoltageInTuneOverFiveOctaves) {
  for (const std::string& board : {kSeed, kPatch}) {
    ASSERT_NO_FATAL_FAILURE(build(board));
    std::vector<Line> lines;
    std::vector<double> volts;
    for (int i = 0; i <= 300; ++i) volts.push_back((i * 77 % 301) / 60.0);  // jumps, no scale
    for (const double v : volts) lines.push_back({{reading(board, v)}});
    const Played played = play(lines);
    for (size_t i = 0; i < volts.size(); ++i)
      EXPECT_LT(std::fabs(cents_from(kC2 * std::exp2(volts[i]), played[i][kPitch])), 5) << volts[i] << " V";
  }
}

// The frequency of a line within 4 Hz of `hz`, by what its phase gains from the first half to the second; 0: there is
// none.
double frequency_near(double hz, const std::vector<double>& samples) {
  const size_t half = samples.size() / 2;
  std::complex<double> sums[2];
  for (size_t i = 0; i < 2 * half; ++i) {
    const double window = 1 - std::cos(2 * M_PI * (double(i % half) + 0.5) / double(half));
    sums[i / half] += samples[i] * window * std::polar(1.0, -2 * M_PI * hz * double(i) / 16000);
  }
  if (std::abs(sums[1]) < 0.02 * double(half)) return 0;
  return hz + std::arg(sums[1] * std::conj(sums[0])) / (2 * M_PI) * 16000 / double(half);
}

TEST_F(FirmwareOnThisMachine, SoundsInTuneOverFiveOctaves) {
  ASSERT_NO_FATAL_FAILURE(build(kPatch + "-DNR_TOY_SOUNDS"));
  constexpr int kTicks = 8;
  std::vector<double> volts;
  for (int i = 0; i <= 30; ++i) volts.push_back((i * 11 % 31) / 6.0);
  std::vector<Line> lines;
  for (const double v : volts)  // the third knob opens the pulses' gate
    for (int i = 0; i < kTicks; ++i) lines.push_back({{reading(kPatch, v), 1, 1}});
  const Played played = play(lines, 512);
  for (size_t note = 1; note < volts.size(); ++note) {  // while the knobs move in the first, its gate opens
    std::vector<double> samples;
    for (int tick = 1; tick < kTicks; ++tick)  // after the glide of a tick
      for (const double x : played[note * kTicks + tick]) samples.push_back(x);
    const double hz = kC2 * std::exp2(volts[note]);
    EXPECT_LT(std::fabs(1200 * std::log2(frequency_near(hz, samples) / hz)), 5) << volts[note] << " V";
  }
}

TEST_F(FirmwareOnThisMachine, StaysWithinThePitchesOfTheModel) {
  ASSERT_NO_FATAL_FAILURE(build(kPatch + "-DNR_ZERO_NOTE=60"));
  const Played played = play({{{reading(kPatch, -5)}}, {{reading(kPatch, 4.9)}}, {{std::nan("")}}, {{0}}});
  EXPECT_NEAR(played[0][kPitch], -1, 1e-4);  // 8.2 Hz
  EXPECT_NEAR(played[1][kPitch], 1, 1e-4);   // 7.8 kHz
  EXPECT_NEAR(cents_from(261.6256, played[3][kPitch]), 0, 1);
}

TEST_F(FirmwareOnThisMachine, IsInTuneOnceCalibratedAndRemembersIt) {
  for (const bool qspi : {false, true}) {
    ASSERT_NO_FATAL_FAILURE(build(kPatch + (qspi ? "-DNR_BOOT_QSPI" : "")));
    const auto input = [](double volts) { return reading(kPatch, volts * 0.97 + 0.03); };  // parts have tolerances
    const auto detuned = [&](const Played& played, size_t tick) {
      return std::fabs(cents_from(kC2 * 16, played[tick][kPitch]));
    };
    const int second = int(1 / kTickSeconds) + 2;
    std::vector<Line> lines{{{input(4)}}};
    for (const double volts : {1.0, 3.0}) {
      for (int i = 0; i < second; ++i) lines.push_back({{input(volts)}, 0, 1});
      for (int i = 0; i < 3; ++i) lines.push_back({{input(volts)}, 0, 0});
    }
    lines.push_back({{input(4)}});
    const Played first = play(lines);
    EXPECT_GT(detuned(first, 0), 50);
    EXPECT_LT(detuned(first, lines.size() - 1), 5);
    const Played later = play({{{input(4)}}});
    if (qspi)
      EXPECT_GT(detuned(later, 0), 50) << "a program cannot write to the flash that it runs from";
    else
      EXPECT_LT(detuned(later, 0), 5);
  }
}

TEST_F(FirmwareOnThisMachine, DoesNotBelieveWhatOtherFirmwareStored) {
  ASSERT_NO_FATAL_FAILURE(build(kPatch));
  for (const std::string stored : {"0 0", "1e9 3", "-5 0", "5 2"}) {
    write_file(folder_ / "stored", stored);
    EXPECT_LT(std::fabs(cents_from(kC2 * 2, play({{{reading(kPatch, 1)}}})[0][kPitch])), 5) << stored;
  }
}

// A hundred ticks: knobs are smoothed.
std::vector<Line> held(const Line& line) { return std::vector<Line>(100, line); }

TEST_F(FirmwareOnThisMachine, GivesKnobsToTheOtherControlsInTheirOrder) {
  ASSERT_NO_FATAL_FAILURE(build(kSeed));
  const std::vector<double> values = play(held({{0.25, 0.6, 0.7, 0.8, 1}})).back();
  EXPECT_NEAR(values[kLevel], 0.2, 1e-3);
  EXPECT_NEAR(values[kPeriodicity], 0.4, 1e-3);
  EXPECT_NEAR(values[kCentroid], 0.6, 1e-3);
}

TEST_F(FirmwareOnThisMachine, LeavesControlsWithoutAKnobWhereTheySound) {
  ASSERT_NO_FATAL_FAILURE(build(kPatch + "-DNR_KNOBS=1"));
  const std::vector<double> values = play(held({{0, 0.9, 0.1, 0.1}})).back();
  EXPECT_NEAR(values[kLevel], 0.8, 1e-3);
  EXPECT_NEAR(values[kPeriodicity], 1, 1e-3);
  EXPECT_NEAR(values[kCentroid], 0, 1e-3);
}

TEST_F(FirmwareOnThisMachine, OpensTheLevelByItsGate) {
  ASSERT_NO_FATAL_FAILURE(build(kSeed + "-DNR_GATE"));
  std::vector<Line> lines = held({{0, 1, 0.5, 0.5}});  // closed
  for (const Line& line : held({{0, 1, 0.5, 0.5}, 1})) lines.push_back(line);
  for (const Line& line : held({{0, 1, 0.5, 0.5}, 0})) lines.push_back(line);
  const Played played = play(lines);
  EXPECT_NEAR(played[99][kLevel], -1, 1e-3);
  EXPECT_NEAR(played[100][kLevel], 1, 1e-3);
  EXPECT_NEAR(played[199][kLevel], 1, 1e-3);
  EXPECT_GT(played[200][kLevel], -0.5) << "a release, not a cut";
  EXPECT_NEAR(played[204][kLevel], -1, 1e-3) << "after a tenth of a second";
}

TEST_F(FirmwareOnThisMachine, PlaysHeldMidiNotesOfItsChannelInsteadOfTheVoltage) {
  ASSERT_NO_FATAL_FAILURE(build(kPatch + "-DNR_GATE -DNR_MIDI_CHANNEL=2"));
  const Line rest{{0.2, 0, 0, 0}};
  std::vector<Line> lines(12, rest);
  lines[1].midi = "144 60 127";              // channel 1
  lines[2].midi = "145 69 127 177 74 127";   // note and colour on channel 2
  lines[3].midi = "225 0 96";                // half of the bend up: a semitone
  lines[4].midi = "145 57 64 225 0 64";      // the last note, and no bend
  lines[5].midi = "129 57 0";                // back to the one before
  lines[6].midi = "145 69 0";                // let go by velocity 0
  lines[11].gate = 1;
  const Played played = play(lines);
  for (const int tick : {0, 1}) {
    EXPECT_LT(std::fabs(cents_from(kC2 * 2, played[tick][kPitch])), 1);
    EXPECT_NEAR(played[tick][kLevel], -1, 1e-3);
  }
  const double hz[] = {440, 440 * std::exp2(1 / 12.0), 220, 440, 440};
  const double levels[] = {1, 1, 1 - (1 - 64 / 127.0), 1, 1 - 2 * kTickSeconds / 0.1};
  for (int i = 0; i < 5; ++i) {
    EXPECT_LT(std::fabs(cents_from(hz[i], played[2 + i][kPitch])), 1) << i;
    EXPECT_NEAR(played[2 + i][kLevel], levels[i], 1e-3) << i;
    EXPECT_NEAR(played[2 + i][kCentroid], 1, 1e-3) << i;
  }
  EXPECT_NEAR(played[10][kLevel], -1, 1e-3);
  EXPECT_LT(std::fabs(cents_from(440, played[10][kPitch])), 1) << "no jump in the release";
  EXPECT_LT(std::fabs(cents_from(kC2 * 2, played[11][kPitch])), 1) << "the gate brings the voltage back";
}

TEST_F(FirmwareOnThisMachine, FollowsThePitchAndLevelThatItHears) {
  ASSERT_NO_FATAL_FAILURE(build(kPatch + "-DNR_TOY_HEARS -DNR_MIDI_CHANNEL=0"));
  std::vector<Line> lines;
  for (const double hz : {220.0, 247.0, 0.0, 0.0})
    for (int i = 0; i < 20; ++i) lines.push_back({{0, 0.5, 0.5, 0.5}, 0, 0, hz});
  for (size_t i = 20; i < 40; ++i) lines[i].inputs[0] = reading(kPatch, -1);
  lines[60].midi = "144 81 127";
  const Played played = play(lines);
  EXPECT_LT(std::fabs(cents_from(220, played[19][kPitch])), 5);
  EXPECT_LT(std::fabs(cents_from(247 / 2.0, played[39][kPitch])), 5) << "transposed by -1 V";
  EXPECT_LT(std::fabs(cents_from(247, played[59][kPitch])), 5) << "the last pitch is held in silence";
  EXPECT_LT(std::fabs(cents_from(880, played[79][kPitch])), 1);
  EXPECT_NEAR(played[19][kPeriodicity], 1, 0.02);
  EXPECT_NEAR(played[59][kPeriodicity], -1, 1e-3);
  EXPECT_NEAR(played[19][kLevel], 2 * (20 * std::log10(0.5 / std::sqrt(2)) + 60) / 60 - 1, 0.01);
  EXPECT_NEAR(played[59][kLevel], -1, 1e-3);
}

TEST(FirmwareForABoard, CompilesWithEveryOptionAndWithoutAHeap) {
  NR_NEEDS("arm-none-eabi-g++");
  const TemporaryFolder folder;
  for (const std::string& board : {kSeed, kPatch})
    for (const std::string options : {"", "-DNR_GATE -DNR_MIDI_CHANNEL=0", "-DNR_TOY_HEARS -DNR_BOOT_QSPI",
                                      "-DNR_TOY_HEARS -DNR_MIDI_CHANNEL=16 -DNR_KNOBS=3 -DNR_ZERO_NOTE=24"}) {
      const std::string object = folder / "main.o";
      const Ran built = run_command("arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -O2 "
                                    "-fno-exceptions -fno-rtti " +
                                    flags(board + options) + "-c -o " + object + " && arm-none-eabi-nm -u " + object);
      EXPECT_EQ(built.status, 0) << built.output;
      for (const char* banned : {"malloc", "_Znw", "_Zna", "__cxa", " U log", " U exp", " U sqrt"})
        EXPECT_THAT(built.output, testing::Not(HasSubstr(banned)));
    }
}

TEST(FirmwareForABoard, RefusesAMidiChannelThatThereIsNot) {
  const Ran built = run_command("g++ -fsyntax-only " + flags("-DNR_MIDI_CHANNEL=17"));
  EXPECT_NE(built.status, 0);
  EXPECT_THAT(built.output, HasSubstr("a MIDI channel is 1 ... 16, or 0 for all"));
}

}  // namespace
}  // namespace nr
