// Hosts a synthesizer plug-in of the DSSI interface, which is LADSPA with notes. A plug-in may be under the GPL: it is
// not linked but loaded when it is asked for, in a RenderProcess. Only the interface's headers are used.
#pragma once
#include <functional>

#include "synth/host.h"

namespace nr {

struct DssiPlugin {
  std::string name;                // of the synthesizer
  std::string library, label;     // amsynth_dssi.so, and which of its plug-ins
  std::string package;             // of Debian: for the error
  std::vector<std::string> whole;   // ports of whole numbers that do not say so themselves
  std::vector<std::string> choices;  // of those, and of those that do: whose numbers have no order
};

class DssiHost : public SynthHost {
 public:
  // Looks in DSSI_PATH, or without it in /usr/lib/dssi and /usr/local/lib/dssi. Error that names the package when the
  // library is not there.
  explicit DssiHost(const DssiPlugin& plugin);
  ~DssiHost() override;
  const SynthParameters& parameters() const override;
  std::string version() const override;  // the library's size, as plug-ins do not say
  // A new instance for every note. The seed is not used: a plug-in has its own.
  std::vector<float> play(const std::vector<double>& values, const SynthNote& note, uint64_t seed) override;

 protected:
  // The same after configure(key, value), for what a plug-in is set by that is no port. Error when it refuses that.
  std::vector<float> play_configured(const std::vector<double>& values, const SynthNote& note, const char* key,
                                     const std::string& value) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The different presets of a folder's banks, by name; none where there is no such folder. extension: of the banks;
// empty: every file is one. parse: of a bank's contents and its name.
std::vector<std::vector<double>> presets_of_banks(
    const std::string& folder, const std::string& extension,
    const std::function<std::vector<std::vector<double>>(const std::string&, const std::string&)>& parse);

// amsynth (GPL, package amsynth): its 41 ports, and the presets of its banks.
std::unique_ptr<SynthHost> make_amsynth();

// The presets of an amsynth bank's text: a value a parameter. A parameter that a preset does not name has its initial
// value; one that the synthesizer does not have is passed over, as amsynth does. Error with the line when it is none.
std::vector<std::vector<double>> parse_amsynth_bank(const std::string& contents, const std::string& name,
                                                    const SynthParameters& parameters);

// One preset as such a text.
std::string amsynth_bank_text(const std::vector<double>& values, const std::string& name,
                              const SynthParameters& parameters);

}  // namespace nr
