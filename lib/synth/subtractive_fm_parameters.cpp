// The table of the 64 parameters.
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

using Kind = SynthParameter::Kind;
using Law = SynthParameter::Law;
using Groups = std::vector<std::vector<std::string>>;

SynthParameter linear(const char* name, double low, double high, double initial, Groups heard_with = {},
                      const char* unit = "") {
  return {name, Kind::kContinuous, Law::kLinear, low, high, initial, unit, {}, std::move(heard_with)};
}
SynthParameter logarithmic(const char* name, double low, double high, double initial, const char* unit,
                           Groups heard_with = {}) {
  return {name, Kind::kContinuous, Law::kLogarithmic, low, high, initial, unit, {}, std::move(heard_with)};
}
SynthParameter seconds(const char* name, double high, double initial, Groups heard_with = {}) {
  return logarithmic(name, 0.001, high, initial, "s", std::move(heard_with));
}
SynthParameter whole(const char* name, int low, int high, int initial, const char* unit, Groups heard_with = {}) {
  return {name,    Kind::kInteger, Law::kLinear, double(low), double(high), double(initial), unit, {},
          std::move(heard_with)};
}
SynthParameter choice(const char* name, std::vector<std::string> choices, int initial, Groups heard_with = {}) {
  const double last = double(choices.size() - 1);
  return {name, Kind::kChoice, Law::kLinear, 0, last, double(initial), "", std::move(choices), std::move(heard_with)};
}

SynthParameters made() {
  const std::vector<std::string> waves{"sine", "triangle", "saw", "pulse"};
  const std::vector<std::string> slow_waves{"sine", "triangle", "square", "random"};
  // What an oscillator, the filter, an envelope or an LFO is heard by.
  const Groups osc1{{"osc1_level", "ring", "sync"}}, osc1_sound{{"osc1_level", "ring"}},
      osc2{{"osc2_level", "fm_21", "ring"}}, osc3{{"osc3_level", "fm_32"}}, filter{{"filter_type"}},
      filter_envelope{{"filter_env_amount"}}, modulation{{"mod_pitch", "mod_fm"}}, fm{{"fm_21", "fm_32"}},
      lfo1{{"lfo1_pitch", "lfo1_cutoff", "lfo1_amp", "lfo1_width"}},
      lfo2{{"lfo2_pitch", "lfo2_cutoff", "lfo2_fm", "lfo2_level"}};
  const auto pulse = [](const Groups& oscillator, const char* wave) {
    Groups out = oscillator;
    out.push_back({wave});
    return out;
  };
  return {
      // The set of 16.
      seconds("amp_attack", 2, 0.01),
      seconds("amp_decay", 4, 0.5),
      linear("amp_sustain", 0, 1, 0.7),
      logarithmic("filter_cutoff", 60, 10000, 2500, "Hz", filter),
      linear("filter_resonance", 0, 1, 0.2, filter),
      linear("filter_env_amount", -4, 4, 1, filter, "octaves"),
      seconds("filter_decay", 4, 0.4, filter_envelope),
      linear("drive", 0, 1, 0),
      linear("osc2_level", 0, 1, 0),
      whole("osc2_semitones", -24, 24, 0, "semitones", osc2),
      linear("osc2_fine", -50, 50, 0, osc2, "cents"),
      linear("osc1_width", 0.05, 0.95, 0.5, pulse(osc1_sound, "osc1_wave=pulse")),
      linear("fm_21", 0, 1, 0, osc1_sound),
      linear("ring", 0, 1, 0),
      logarithmic("lfo1_rate", 0.1, 20, 4, "Hz", lfo1),
      linear("lfo1_cutoff", -3, 3, 0, filter, "octaves"),
      // The set of 32.
      seconds("amp_release", 2, 0.2),
      seconds("filter_attack", 2, 0.005, filter_envelope),
      linear("filter_sustain", 0, 1, 0.3, filter_envelope),
      seconds("filter_release", 2, 0.2, filter_envelope),
      choice("osc1_wave", waves, 3, osc1_sound),
      choice("osc2_wave", waves, 2, osc2),
      choice("filter_type", {"off", "low_pass", "band_pass", "high_pass"}, 1),
      choice("lfo1_wave", slow_waves, 0, lfo1),
      linear("noise_level", 0, 1, 0),
      linear("osc1_level", 0, 1, 0.8),
      linear("lfo1_pitch", 0, 2, 0, {}, "semitones"),
      linear("lfo1_amp", 0, 1, 0),
      linear("osc3_level", 0, 1, 0),
      whole("osc3_semitones", -24, 24, 0, "semitones", osc3),
      choice("sync", {"off", "on"}, 0, osc2),
      whole("osc1_semitones", -24, 24, 0, "semitones", osc1),
      // The set of 64.
      choice("osc3_wave", waves, 2, osc3),
      linear("osc3_fine", -50, 50, 0, osc3, "cents"),
      linear("osc1_fine", -50, 50, 0, osc1, "cents"),
      linear("osc2_width", 0.05, 0.95, 0.5, pulse(osc2, "osc2_wave=pulse")),
      linear("osc3_width", 0.05, 0.95, 0.5, pulse(osc3, "osc3_wave=pulse")),
      linear("fm_32", 0, 1, 0, osc2),
      linear("feedback", 0, 1, 0, osc1_sound),
      linear("noise_color", 0, 1, 0, {{"noise_level"}}),
      choice("filter_slope", {"12_db", "24_db"}, 0, filter),
      linear("filter_tracking", 0, 1, 0, filter),
      seconds("mod_attack", 2, 0.001, modulation),
      seconds("mod_decay", 4, 0.3, modulation),
      linear("mod_pitch", -24, 24, 0, {}, "semitones"),
      linear("mod_fm", 0, 1, 0, fm),
      linear("lfo1_delay", 0, 2, 0, lfo1, "s"),
      linear("lfo1_width", 0, 1, 0, {{"osc1_wave=pulse", "osc2_wave=pulse", "osc3_wave=pulse"}}),
      choice("lfo2_wave", slow_waves, 1, lfo2),
      logarithmic("lfo2_rate", 0.1, 20, 1, "Hz", lfo2),
      linear("lfo2_delay", 0, 2, 0, lfo2, "s"),
      linear("lfo2_pitch", 0, 2, 0, osc2, "semitones"),
      linear("lfo2_cutoff", -3, 3, 0, filter, "octaves"),
      linear("lfo2_fm", 0, 1, 0, fm),
      linear("lfo2_level", 0, 1, 0, {{"osc2_level"}}),
      whole("unison", 0, 3, 0, "voices more"),
      linear("unison_detune", 0, 50, 12, {{"unison"}}, "cents"),
      whole("glide_semitones", -12, 12, 0, "semitones"),
      seconds("glide_time", 2, 0.1, {{"glide_semitones"}}),
      linear("chorus_mix", 0, 1, 0),
      logarithmic("chorus_rate", 0.1, 5, 0.8, "Hz", {{"chorus_mix"}}),
      linear("chorus_depth", 0, 1, 0.4, {{"chorus_mix"}}),
      linear("amp_hold", 0, 1, 0, {}, "s"),
      linear("volume", 0.1, 1, 0.7),
  };
}

}  // namespace

const SynthParameters& subtractive_fm_parameters() {
  static const SynthParameters table = made();
  return table;
}

const SynthParameters& SubtractiveFm::parameters() const { return subtractive_fm_parameters(); }

}  // namespace nr
