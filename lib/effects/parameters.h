// Short forms for the parameters of effects.
#pragma once
#include <string>

#include "synth/parameter.h"

namespace nr {

inline SynthParameter decibels(const std::string& name, double low, double high, double initial) {
  return {name, SynthParameter::Kind::kContinuous, SynthParameter::Law::kLinear, low, high, initial, "dB"};
}
inline SynthParameter plain(const std::string& name, double low, double high, double initial,
                            const std::string& unit = "") {
  return {name, SynthParameter::Kind::kContinuous, SynthParameter::Law::kLinear, low, high, initial, unit};
}
inline SynthParameter logarithmic(const std::string& name, double low, double high, double initial,
                                  const std::string& unit) {
  return {name, SynthParameter::Kind::kContinuous, SynthParameter::Law::kLogarithmic, low, high, initial, unit};
}
inline SynthParameter choice(const std::string& name, const std::vector<std::string>& choices) {
  SynthParameter out{name, SynthParameter::Kind::kChoice, SynthParameter::Law::kLinear, 0, double(choices.size()) - 1};
  out.choices = choices;
  return out;
}

}  // namespace nr
