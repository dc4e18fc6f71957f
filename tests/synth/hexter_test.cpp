#include "synth/hexter.h"

#include <gmock/gmock.h>

#include <cmath>

#include "support/errors.h"
#include "synth/render_process.h"

namespace nr {
namespace {

using testing::HasSubstr;

std::string missing() {
  const std::string error = error_of([] { make_synth("hexter"); });
  return error.find("apt-get install hexter") == std::string::npos ? "" : error;
}

TEST(Dx7Voice, HasItsFormatsParametersInTheirOrder) {
  const SynthParameters& table = dx7_parameters();
  ASSERT_EQ(table.size(), 145u);
  // Numbers of the format's parameter changes.
  for (const auto& [name, place] : std::vector<std::pair<std::string, size_t>>{{"op6_rate1", 0},
                                                                               {"op6_break_point", 8},
                                                                               {"op6_output", 16},
                                                                               {"op6_detune", 20},
                                                                               {"op1_rate1", 105},
                                                                               {"pitch_rate1", 126},
                                                                               {"algorithm", 134},
                                                                               {"lfo_speed", 137},
                                                                               {"lfo_wave", 142},
                                                                               {"transpose", 144}})
    EXPECT_EQ(index_of(table, name), place);
  EXPECT_EQ(table[134].levels(), 32);
  EXPECT_EQ(table[20].high, 14);
}

// A voice whose fields all differ, packed by hand.
TEST(Dx7Voice, IsUnpackedFromABank) {
  std::string packed(128, '\0');
  for (int i = 0; i < 11; ++i) packed[size_t(i)] = char(i + 1);
  packed[11] = 0b1001;     // curves: left 1, right 2
  packed[12] = 0b1101011;  // detune 13, rate scaling 3
  packed[13] = 0b10110;    // velocity 5, amplitude modulation 2
  packed[14] = 88;
  packed[15] = 0b110101;  // coarse 26, fixed
  packed[16] = 77;
  packed[110] = 31;
  packed[111] = 0b1110;  // sync on, feedback 6
  packed[116] = 0b1011011;  // pitch modulation 5, sample and hold, sync on
  packed[117] = 48;
  packed[118] = 'N';
  const auto voices = parse_dx7_bank(packed + std::string(128, 0x7f), "two.dx7");
  ASSERT_EQ(voices.size(), 2u);
  const std::vector<double> first(voices[0].begin(), voices[0].begin() + 21);
  EXPECT_EQ(first, (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3, 2, 5, 88, 1, 26, 77, 13}));
  const std::vector<double> last(voices[0].begin() + 134, voices[0].end());
  EXPECT_EQ(last, (std::vector<double>{31, 6, 1, 0, 0, 0, 0, 1, 5, 5, 48}));
  for (size_t i = 0; i < 145; ++i) {  // all bits set: every parameter at its highest
    const SynthParameter& p = dx7_parameters()[i];
    EXPECT_EQ(voices[1][i], p.high) << p.name;
  }
  EXPECT_EQ(dx7_voice(voices[0])[16], 88);
  EXPECT_EQ(dx7_voice(voices[0])[145], ' ');
  EXPECT_EQ(error_of([] { parse_dx7_bank("short", "a.dx7"); }),
            "a.dx7: is no bank of DX7 voices: it has 5 bytes, expected a multiple of 128");
  packed[3] = char(0x80);
  EXPECT_THAT(error_of([&] { parse_dx7_bank(packed, "a.dx7"); }), HasSubstr("byte 3 has more than 7 bits"));
}

// 160 bytes of seven bits are 187 letters.
TEST(Hexter, TakesAVoiceInLettersOfSixBits) {
  Dx7Voice voice{};
  voice[0] = 0b1010101, voice[154] = 1;
  const std::string text = hexter_edit_buffer(voice);
  EXPECT_EQ(text.substr(0, 4), "160 ");
  EXPECT_EQ(text.size(), 4u + 187 + 3);
  EXPECT_EQ(text.substr(4, 7), "AAAACqA");  // 28 bits of 0, then 1010101: ...000010 101010...
  EXPECT_EQ(text.substr(text.size() - 3), " 86");
}

TEST(Hexter, PlaysItsVoicesTheSameTwice) {
  if (!missing().empty()) GTEST_SKIP() << missing();
  RenderProcess process([] { return make_synth("hexter"); });
  EXPECT_EQ(process.parameters().size(), 145u);
  ASSERT_GT(process.shipped().size(), 400u);
  const SynthNote note{60, 127, 0.3, 0.4, 22050};
  int sounding = 0;
  for (size_t i = 0; i < 400; i += 40) {
    const auto play = [&] { return process.play(process.shipped()[i], note, 1); };
    const Rendering one = play(), two = play();
    ASSERT_EQ(one.problem, "");
    EXPECT_EQ(one.samples, two.samples);
    float peak = 0;
    for (const float sample : one.samples) peak = std::max(peak, std::abs(sample));
    sounding += peak > 0.01;
  }
  EXPECT_GE(sounding, 8);
}

// The initial voice is a sine of the key's frequency, two octaves lower where it is transposed by 24 semitones.
TEST(Hexter, HearsTheParametersItIsGiven) {
  if (!missing().empty()) GTEST_SKIP() << missing();
  RenderProcess process([] { return make_synth("hexter"); });
  const auto crossings = [&](const std::string& name, double value) {
    std::vector<double> values = initial_values(process.parameters());
    values[index_of(process.parameters(), name)] = value;
    const std::vector<float> samples = process.play(values, {69, 127, 1, 1, 22050}, 1).samples;
    int out = 0;
    for (size_t i = 1; i < samples.size(); ++i) out += samples[i - 1] < 0 && samples[i] >= 0;
    return out;
  };
  EXPECT_NEAR(crossings("op1_output", 99), 440, 2);
  EXPECT_NEAR(crossings("transpose", 0), 110, 2);
  EXPECT_NEAR(crossings("op1_coarse", 3), 1320, 3);
}

}  // namespace
}  // namespace nr
