// What can be set on a synthesizer: names, ranges and kinds of its parameters, and presets, which give them values.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nr {

struct SynthParameter {
  enum class Kind { kContinuous, kInteger, kChoice };
  enum class Law { kLinear, kLogarithmic };

  std::string name;
  Kind kind = Kind::kContinuous;
  Law law = Law::kLinear;      // of a continuous one: how its range is spread over positions 0 ... 1
  double low = 0, high = 1;    // of a choice: 0 and the number of choices - 1
  double initial = 0;          // the value of a preset that does not name it
  std::string unit = "";       // "Hz"; empty: a plain number
  std::vector<std::string> choices = {};
  // When it can be heard: in every group, one or more of these can be heard and is not at 0. "osc1_wave=pulse": is the
  // choice "pulse".
  std::vector<std::vector<std::string>> heard_with = {};

  int levels() const;  // values of an integer or a choice; 0 of a continuous one
  // Value <-> position in [0, 1]. Values beyond the range are clipped; of an integer or a choice, they are rounded.
  double position(double value) const;
  double value(double position) const;
  int level(double value) const;            // 0 ... levels() - 1
  double value_of_level(int level) const;
};

using SynthParameters = std::vector<SynthParameter>;

// Place of a name. Error with the nearest one when there is none.
size_t index_of(const SynthParameters& parameters, const std::string& name);
std::vector<double> initial_values(const SynthParameters& parameters);
// Of each parameter, whether it can be heard in a sound of these values.
std::vector<bool> heard(const SynthParameters& parameters, const std::vector<double>& values);

// A value for every parameter of a synthesizer, by its name and seed.
struct Preset {
  std::string synth;
  int64_t seed = 1;            // of noise
  std::vector<double> values;  // in the order of the synthesizer's parameters
};

// YAML: {synth: subtractive_fm, seed: 1, parameters: {filter_cutoff: 800, filter_type: low_pass}}. A choice is given by
// its name. A parameter that is not named has its initial value. Error with file and line for an unknown name, a value
// that is no number, beyond the range or not whole, or another synthesizer than `synth`.
Preset read_preset(const std::filesystem::path& file, const std::string& synth, const SynthParameters& parameters);
Preset parse_preset(const std::string& yaml, const std::string& name, const std::string& synth,
                    const SynthParameters& parameters);
// The same as text, every parameter named.
std::string preset_text(const Preset& preset, const SynthParameters& parameters);

}  // namespace nr
