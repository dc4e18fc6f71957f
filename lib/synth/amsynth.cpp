// amsynth's plug-in and its banks of presets.
#include <sstream>

#include "base/error.h"
#include "config/reader.h"
#include "synth/dssi.h"

namespace nr {
namespace {

constexpr const char* kBanks = "/usr/share/amsynth/banks";

class Amsynth : public DssiHost {
 public:
  Amsynth()
      : DssiHost({"amsynth",
                  "amsynth_dssi.so",
                  "amsynth",
                  "amsynth",
                  {},
                  {"osc1_waveform", "osc2_waveform", "lfo_waveform", "filter_type", "filter_slope", "keyboard_mode",
                   "osc2_sync", "freq_mod_osc", "portamento_mode"}}) {}

  std::vector<std::vector<double>> shipped() const override {
    return presets_of_banks(kBanks, "", [this](const std::string& contents, const std::string& name) {
      return parse_amsynth_bank(contents, name, parameters());
    });
  }
};

}  // namespace

std::unique_ptr<SynthHost> make_amsynth() { return std::make_unique<Amsynth>(); }

std::string amsynth_bank_text(const std::vector<double>& values, const std::string& name,
                              const SynthParameters& parameters) {
  std::string out = "amSynth\n<preset> <name> " + name + "\n";
  for (size_t i = 0; i < parameters.size(); ++i)
    out += "<parameter> " + parameters[i].name + " " + config::print(values.at(i)) + "\n";
  return out + "EOF\n";
}

std::vector<std::vector<double>> parse_amsynth_bank(const std::string& contents, const std::string& name,
                                                    const SynthParameters& parameters) {
  std::istringstream lines(contents);
  std::string line;
  if (!std::getline(lines, line) || line.rfind("amSynth", 0) != 0)
    fail(name, ":1: is no amsynth bank: it begins with '", line.substr(0, 20), "', expected 'amSynth'");
  std::vector<std::vector<double>> out;
  for (int number = 2; std::getline(lines, line); ++number) {
    if (line.rfind("<preset>", 0) == 0) out.push_back(initial_values(parameters));
    if (line.rfind("<parameter>", 0) != 0) continue;
    std::istringstream words(line);
    std::string mark, key, value;
    words >> mark >> key >> value;
    double given = 0;
    if (!config::parse(value, given)) fail(name, ":", number, ": '", value, "' of ", key, " is not a number");
    if (out.empty()) fail(name, ":", number, ": a parameter before the first preset");
    for (size_t i = 0; i < parameters.size(); ++i)
      if (parameters[i].name == key) out.back()[i] = parameters[i].value(parameters[i].position(given));
  }
  return out;
}

}  // namespace nr
