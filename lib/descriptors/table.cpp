// Every descriptor there is. To add one: write its function, add its line.
#include <limits>

#include "descriptors/config.h"
#include "descriptors/spectral.h"
#include "descriptors/yin.h"

namespace nr {
namespace {

constexpr float kVoiced = 0.7f;  // YIN's confidence from which a pitch is believed

std::unique_ptr<Measure> pitch(const Framing& framing) {
  struct Voiced : Measure {
    explicit Voiced(const Framing& f) : yin(f.sample_rate, f.window) {}
    float of(const Frame& frame) override {
      const Pitch found = yin.of(frame.samples);
      return found.confidence >= kVoiced ? found.hz : std::numeric_limits<float>::quiet_NaN();
    }
    bool needs_spectrum() const override { return false; }
    Yin yin;
  };
  return std::make_unique<Voiced>(framing);
}

}  // namespace

const Table<Descriptor>& descriptors() {
  static const Table<Descriptor> table{"descriptor",
                                       {
                                           {"rms", "1", Warp::kDecibel, 0, 1, memoryless<rms, false>},
                                           {"centroid", "Hz", Warp::kOctave, 0, -1, memoryless<centroid>},
                                           {"bandwidth", "Hz", Warp::kOctave, 0, -1, memoryless<bandwidth>},
                                           {"flatness", "1", Warp::kDecibel, 0, 1, memoryless<flatness>},
                                           {"rolloff", "Hz", Warp::kOctave, 0, -1, memoryless<rolloff>},
                                           {"pitch", "Hz", Warp::kOctave, 50, 2000, pitch},
                                       }};
  return table;
}

std::vector<std::string> descriptor_names() { return descriptors().names(); }

}  // namespace nr
