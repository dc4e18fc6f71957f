// A voice of the Yamaha DX7 as its MIDI data format has it (DX7 owner's manual, MIDI data format): 145 parameters and a
// name of 10 letters. A bank stores it packed in 128 bytes. Six operators, the sixth first.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "synth/parameter.h"

namespace nr {

using Dx7Voice = std::array<uint8_t, 155>;  // parameters 0 ... 144, then the name
inline constexpr size_t kPackedVoice = 128;  // bytes

const SynthParameters& dx7_parameters();  // in the voice's order: "op6_rate1" ... "transpose"

// What is beyond a parameter's range is clipped. The name is spaces.
Dx7Voice dx7_voice(const std::vector<double>& values);

// Of a bank's bytes, a voice after the other: values in their ranges. Error when they are no whole number of voices, or
// a byte has more than 7 bits.
std::vector<std::vector<double>> parse_dx7_bank(const std::string& bytes, const std::string& name);

}  // namespace nr
