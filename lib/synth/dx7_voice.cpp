#include "synth/dx7_voice.h"

#include <algorithm>

#include "base/error.h"

namespace nr {
namespace {

constexpr size_t kOperators = 6, kOfOperator = 21;

SynthParameter integer(const std::string& name, int high, int initial) {
  SynthParameter out;
  out.name = name, out.kind = SynthParameter::Kind::kInteger, out.high = high, out.initial = initial;
  return out;
}

SynthParameter choice(const std::string& name, const std::vector<std::string>& choices, int initial = 0) {
  SynthParameter out = integer(name, int(choices.size()) - 1, initial);
  out.kind = SynthParameter::Kind::kChoice, out.choices = choices;
  return out;
}

// level: of the output; the first operator carries the initial voice, a sine.
void add_operator(SynthParameters& out, const std::string& op, int level) {
  const std::vector<std::string> curves{"linear_down", "exponential_down", "exponential_up", "linear_up"};
  for (const char* rate : {"rate1", "rate2", "rate3", "rate4"}) out.push_back(integer(op + rate, 99, 99));
  for (const char* step : {"level1", "level2", "level3"}) out.push_back(integer(op + step, 99, 99));
  out.push_back(integer(op + "level4", 99, 0));
  out.push_back(integer(op + "break_point", 99, 39));  // 39: C3
  out.push_back(integer(op + "left_depth", 99, 0));
  out.push_back(integer(op + "right_depth", 99, 0));
  out.push_back(choice(op + "left_curve", curves));
  out.push_back(choice(op + "right_curve", curves));
  out.push_back(integer(op + "rate_scaling", 7, 0));
  out.push_back(integer(op + "amplitude_modulation", 3, 0));
  out.push_back(integer(op + "velocity", 7, 0));
  out.push_back(integer(op + "output", 99, level));
  out.push_back(choice(op + "mode", {"ratio", "fixed"}));
  out.push_back(integer(op + "coarse", 31, 1));
  out.push_back(integer(op + "fine", 99, 0));
  out.push_back(integer(op + "detune", 14, 7));  // 7: none
}

SynthParameters make_parameters() {
  SynthParameters out;
  for (size_t op = kOperators; op > 0; --op) add_operator(out, text("op", op, "_"), op == 1 ? 99 : 0);
  for (const char* rate : {"pitch_rate1", "pitch_rate2", "pitch_rate3", "pitch_rate4"})
    out.push_back(integer(rate, 99, 99));
  for (const char* level : {"pitch_level1", "pitch_level2", "pitch_level3", "pitch_level4"})
    out.push_back(integer(level, 99, 50));  // 50: none
  std::vector<std::string> algorithms;
  for (int i = 1; i <= 32; ++i) algorithms.push_back(text(i));
  out.push_back(choice("algorithm", algorithms));
  out.push_back(integer("feedback", 7, 0));
  out.push_back(choice("oscillator_sync", {"off", "on"}, 1));
  out.push_back(integer("lfo_speed", 99, 35));
  out.push_back(integer("lfo_delay", 99, 0));
  out.push_back(integer("lfo_pitch_depth", 99, 0));
  out.push_back(integer("lfo_amplitude_depth", 99, 0));
  out.push_back(choice("lfo_sync", {"off", "on"}, 1));
  out.push_back(choice("lfo_wave", {"triangle", "saw_down", "saw_up", "square", "sine", "sample_and_hold"}));
  out.push_back(integer("pitch_modulation", 7, 3));
  out.push_back(integer("transpose", 48, 24));  // semitones; 24: none
  return out;
}

// The packed bytes of a voice, in the order of its parameters.
std::vector<uint8_t> unpacked(const uint8_t* packed) {
  std::vector<uint8_t> out;
  for (size_t op = 0; op < kOperators; ++op, packed += 17) {
    out.insert(out.end(), packed, packed + 11);  // rates, levels, break point, depths
    const uint8_t curves = packed[11], scaling = packed[12], sensitivity = packed[13], oscillator = packed[15];
    out.insert(out.end(), {uint8_t(curves & 3), uint8_t(curves >> 2 & 3), uint8_t(scaling & 7),
                           uint8_t(sensitivity & 3), uint8_t(sensitivity >> 2 & 7), packed[14],
                           uint8_t(oscillator & 1), uint8_t(oscillator >> 1 & 31), packed[16], uint8_t(scaling >> 3)});
  }
  out.insert(out.end(), packed, packed + 8);  // rates and levels of the pitch
  out.insert(out.end(), {uint8_t(packed[8] & 31), uint8_t(packed[9] & 7), uint8_t(packed[9] >> 3 & 1)});
  out.insert(out.end(), packed + 10, packed + 14);  // the LFO's speed, delay and depths
  const uint8_t lfo = packed[14];
  out.insert(out.end(), {uint8_t(lfo & 1), uint8_t(lfo >> 1 & 7), uint8_t(lfo >> 4 & 7), packed[15]});
  return out;
}

}  // namespace

const SynthParameters& dx7_parameters() {
  static const SynthParameters table = make_parameters();
  return table;
}

Dx7Voice dx7_voice(const std::vector<double>& values) {
  Dx7Voice out;
  out.fill(' ');
  for (size_t i = 0; i < dx7_parameters().size(); ++i) {
    const SynthParameter& p = dx7_parameters()[i];
    out[i] = uint8_t(p.level(values.at(i)));
  }
  return out;
}

std::vector<std::vector<double>> parse_dx7_bank(const std::string& bytes, const std::string& name) {
  if (bytes.empty() || bytes.size() % kPackedVoice)
    fail(name, ": is no bank of DX7 voices: it has ", bytes.size(), " bytes, expected a multiple of ", kPackedVoice);
  for (size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] & 0x80) fail(name, ": is no bank of DX7 voices: byte ", i, " has more than 7 bits");
  std::vector<std::vector<double>> out;
  for (size_t at = 0; at < bytes.size(); at += kPackedVoice) {
    const auto voice = unpacked(reinterpret_cast<const uint8_t*>(bytes.data()) + at);
    std::vector<double>& values = out.emplace_back();
    for (size_t i = 0; i < voice.size(); ++i) {
      const SynthParameter& p = dx7_parameters()[i];
      values.push_back(std::clamp(double(voice[i]), p.low, p.high));
    }
  }
  return out;
}

}  // namespace nr
