// The synthesizer in the tree: three oscillators with phase modulation, ring modulation and sync, noise, a filter of
// two slopes, three envelopes, two LFOs, unison, drive and chorus. 64 parameters; a note is a function of their values
// and the seed. It renders at the note's rate without oversampling, so bright FM aliases.
#pragma once
#include "synth/host.h"

namespace nr {

class SubtractiveFm : public SynthHost {
 public:
  static constexpr const char* kName = "subtractive_fm";
  // In order of weight: the first 16 and the first 32 are sets of their own.
  const SynthParameters& parameters() const override;
  std::string version() const override { return "1"; }
  std::vector<float> play(const std::vector<double>& values, const SynthNote& note, uint64_t seed) override;
};

const SynthParameters& subtractive_fm_parameters();

}  // namespace nr
