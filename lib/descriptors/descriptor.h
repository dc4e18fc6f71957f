// Audio descriptors as time series: one implementation for dataset, evaluation and live use. Frame by frame, without
// torch, without allocation after construction.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/table.h"

namespace nr {

// Measurement i looks at `window` samples centred on sample (i + 1/2) * hop, zeros outside the signal. So the mean of
// H / hop consecutive measurements belongs to exactly one latent frame of H samples.
struct Framing {
  int sample_rate = 0;  // Hz
  int window = 1024;    // samples
  int hop = 256;        // samples
};

// The scale in which a control is linear: equal steps sound equal. NaN stays NaN.
enum class Warp { kLinear, kDecibel, kOctave };
double warp(Warp, double physical);  // kDecibel: 20 log10, at least -120; kOctave: log2, at least 0 (1 Hz)
double unwarp(Warp, double warped);

class Extractor;  // extractor.h

struct Descriptor {
  const char* name;
  const char* unit;  // of the physical value
  Warp warp;
  double low, high;  // physical range that can occur (high < 0: half the sample rate)
  double seconds;    // what a measurement looks at; 0: the framing's window
  bool causal;       // looks back from the end of its own hop; else centred on it
  std::unique_ptr<Extractor> (*make)(const Framing&);
};
const Table<Descriptor>& descriptors();

// Samples from a measurement's centre, (i + 1/2) * hop, to the last one it depends on: the delay of a live measurement.
int latency(const Descriptor& descriptor, const Framing& framing);

// Computes the named descriptors of one frame after another with one FFT a frame. The window holds an even number of
// samples without prime factors above 5.
class Analyser {
 public:
  Analyser(const std::vector<std::string>& names, const Framing& framing);  // Error for an unknown name
  ~Analyser();
  Analyser(Analyser&&) noexcept;
  // window: framing.window samples. values: one a name, physical units. Never allocates, never throws.
  // A frame without energy gives NaN where the descriptor is undefined (centroid of silence).
  void process(const float* window, float* values);
  void reset();  // before another signal: forgets what measures keep from frame to frame

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All measurements of a signal: curves[name][measurement], ceil(samples / hop) of them. NaNs of silence are kept.
std::vector<std::vector<float>> analyse(const std::vector<float>& samples, const std::vector<std::string>& names,
                                        const Framing& framing);

// Area average of `ratio` consecutive measurements, NaNs left out (all NaN: NaN): measurement rate -> latent rate.
std::vector<float> average(const std::vector<float>& curve, int ratio);

// Replaces NaNs by the nearest defined value in time, `otherwise` where all are NaN: networks cannot read NaNs.
void fill_gaps(std::vector<float>& curve, float otherwise);

// Where a clip sounds: RMS within 35 dB of the clip's maximum and above -55 dB. Control metrics use this mask.
std::vector<bool> active_frames(const std::vector<float>& rms);

}  // namespace nr
