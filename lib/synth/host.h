// What can render a preset: the synthesizer in the tree, and hosts of plug-ins. Whoever renders many presets does so
// through a RenderProcess (render_process.h), because a plug-in may crash, hang or leak.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "synth/parameter.h"

namespace nr {

struct SynthNote {
  int key = 60, velocity = 127;    // MIDI
  double held = 3, seconds = 4;    // until note-off; in all
  int sample_rate = 22050;         // Hz
};

class SynthHost {
 public:
  virtual ~SynthHost() = default;
  virtual const SynthParameters& parameters() const = 0;
  virtual std::string version() const = 0;  // of the synthesizer: sets rendered with another one are not mixed
  // The presets that come with it, each a value a parameter and none twice; empty: none do.
  virtual std::vector<std::vector<double>> shipped() const { return {}; }
  // Mono. values: one a parameter, each inside its range. seed: of noise, where the synthesizer lets itself be seeded.
  virtual std::vector<float> play(const std::vector<double>& values, const SynthNote& note, uint64_t seed) = 0;
};

// Error when there is no synthesizer of this name, or its package is not installed (the error names it).
std::unique_ptr<SynthHost> make_synth(const std::string& name);
std::vector<std::string> synth_names();
SynthParameters synth_parameters(const std::string& name);  // the same errors

}  // namespace nr
