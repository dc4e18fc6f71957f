// Audio effects with parameters, each a row of one table. They work on one channel at full scale 1.
#pragma once
#include <memory>
#include <vector>

#include "base/table.h"
#include "synth/parameter.h"

namespace nr {

// An effect at work on one signal. What it makes of a signal does not depend on how that is cut into blocks.
class Effect {
 public:
  virtual ~Effect() = default;
  virtual void process(float* samples, int count) = 0;  // in place
  virtual int latency() const { return 0; }             // samples by which its output is late
};

using Settings = std::vector<double>;  // a value for every parameter of an effect, in its order

struct EffectKind {
  const char* name;
  const char* family;  // distortion, filter, modulation, delay, dynamics, coding, pedal
  const char* reading;
  SynthParameters parameters;
  std::unique_ptr<Effect> (*make)(const Settings& settings, int sample_rate);
  bool aliases = false;  // on purpose: lowering a rate or a resolution is the effect
};

// The lists of which the table is made: distortion*.cpp, filters.cpp, modulation.cpp, dynamics.cpp,
// coding.cpp, mp3.cpp.
std::vector<EffectKind> memoryless_distortions(), distortions_with_state(), filters(), modulations(), dynamics(),
    codings(), mp3();

const Table<EffectKind>& effects();

}  // namespace nr
