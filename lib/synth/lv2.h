// Hosts a synthesizer plug-in of the LV2 interface. Its description is read by lilv. A plug-in may be under the GPL: it
// is not linked but loaded when a note is played, in a RenderProcess.
#pragma once
#include "base/table.h"
#include "synth/host.h"

namespace nr {

struct Lv2Plugin {
  std::string name;     // of the synthesizer
  std::string bundle;   // the folder that describes it, "mda.lv2"; no other is read
  std::string uri;      // which of its plug-ins
  std::string package;  // of Debian: for the error
  std::vector<std::string> presets = {};  // folders of presets beside it
  // Its presets are states instead of values of its ports: the one parameter is `preset`, a choice of them.
  bool states = false;
  // It makes its waveforms in threads of its own: before the note come some blocks of silence, which wait for them.
  bool threads = false;
  std::string platform = {};  // QT_QPA_PLATFORM, of one that uses Qt: else that looks for a display
};

class Lv2Host : public SynthHost {
 public:
  // Looks in LV2_PATH, or without it in /usr/lib/lv2 and /usr/local/lib/lv2. Error that names the package when the
  // bundle is not there; Error when it holds no such plug-in, a control port without a range, or needs what this host
  // does not offer.
  explicit Lv2Host(const Lv2Plugin& plugin);
  ~Lv2Host() override;
  // The control inputs by their symbols. A port that is switched on and off, or whose values have names, is a choice.
  const SynthParameters& parameters() const override;
  std::string version() const override;  // what it says itself, and its library's size
  // In alphabetical order of their URIs. What a preset does not set has its initial value; what is beyond its range is
  // clipped.
  std::vector<std::vector<double>> shipped() const override;
  // A new instance for every note. The seed is not used: a plug-in has its own.
  std::vector<float> play(const std::vector<double>& values, const SynthNote& note, uint64_t seed) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// JX10 and DX10 (package mda-lv2), synthv1, Calf Monosynth, and ZynAddSubFX's presets.
const Table<Lv2Plugin>& lv2_plugins();

// A preset of an LV2 plug-in as the folder that hosts find it in.
struct Lv2Preset {
  std::string manifest, preset;  // manifest.ttl, preset.ttl
};
Lv2Preset lv2_preset(const Lv2Plugin& plugin, const std::vector<double>& values, const std::string& name,
                     const SynthParameters& parameters);

}  // namespace nr
