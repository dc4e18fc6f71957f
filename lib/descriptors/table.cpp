// Every descriptor there is. A new one is a function and a line here.
#include <limits>

#include "descriptors/config.h"
#include "descriptors/flux.h"
#include "descriptors/loudness.h"
#include "descriptors/roughness.h"
#include "descriptors/spectral.h"
#include "descriptors/timbre.h"

namespace nr {
namespace {

float voiced_pitch(const Pitch& p) {
  return p.confidence >= Yin::kVoiced ? p.hz : std::numeric_limits<float>::quiet_NaN();
}
float periodicity(const Pitch& p) { return p.confidence; }

template <float (*choose)(const Pitch&)>
struct FromPitch : Extractor {
  explicit FromPitch(const Framing&) {}
  float of(const Frame& frame) override { return choose(frame.pitch); }
  Needs needs() const override { return Needs::kSamples; }
  bool needs_pitch() const override { return true; }
};

}  // namespace

const Table<Descriptor>& descriptors() {
  static const Table<Descriptor> table{
      "descriptor",
      {
          // name, unit, scale, lowest, highest, seconds it looks at, causal, how it is made
          {"rms", "1", Warp::kDecibel, 0, 1, 0, false, memoryless<rms, Needs::kSamples>},
          {"centroid", "Hz", Warp::kOctave, 0, -1, 0, false, memoryless<centroid>},
          {"bandwidth", "Hz", Warp::kOctave, 0, -1, 0, false, memoryless<bandwidth>},
          {"flatness", "1", Warp::kDecibel, 0, 1, 0, false, memoryless<flatness>},
          {"rolloff", "Hz", Warp::kOctave, 0, -1, 0, false, memoryless<rolloff>},
          {"pitch", "Hz", Warp::kOctave, Yin::kLow, Yin::kHigh, 0, false, stateful<FromPitch<voiced_pitch>>},
          {"periodicity", "1", Warp::kLinear, 0, 1, 0, false, stateful<FromPitch<periodicity>>},
          {"zero_crossings", "1", Warp::kLinear, 0, 1, 0, false, memoryless<zero_crossings, Needs::kSamples>},
          {"loudness", "LUFS", Warp::kLinear, -120, 10, 0.4, true, stateful<Loudness>},
          {"flux", "1", Warp::kLinear, 0, 1, 0, false, stateful<Flux>},
          {"sharpness", "acum", Warp::kLinear, 0, 12, 0, false, memoryless<sharpness, Needs::kLoudness>},
          {"roughness", "1", Warp::kDecibel, 1e-3, 100, 0.2, true, stateful<Roughness>},
          {"brightness", "1", Warp::kLinear, 0, 1, 0, false, memoryless<brightness>},
          {"warmth", "1", Warp::kLinear, 0, 1, 0, false, memoryless<warmth, Needs::kLoudness>},
          {"booming", "1", Warp::kLinear, 0, 100, 0, false, memoryless<booming, Needs::kLoudness>},
      }};
  return table;
}

int latency(const Descriptor& descriptor, const Framing& framing) {
  return descriptor.causal ? framing.hop - framing.hop / 2 : framing.window / 2;
}

std::vector<std::string> descriptor_names() { return descriptors().names(); }

}  // namespace nr
