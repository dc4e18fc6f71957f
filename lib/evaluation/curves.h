// Control curves at the latent rate, and how close the measured ones come to the asked ones. No torch.
#pragma once
#include <string>
#include <vector>

#include "descriptors/scale.h"

namespace nr {

using Curves = std::vector<std::vector<float>>;  // [control][latent frame], physical units, no gaps

// Position on a control's range: -1 at its low end, 1 at its high end, beyond them outside it. Scale::normalise without
// the clipping. The unit "position" of metrics: the whole range is 2 wide.
double position(const Scale& scale, float physical);
// The descriptor's perceptual unit: dB, octaves or its own.
double warped(const Scale& scale, float physical);

// What was measured of one signal: the controls, and where it sounds.
struct Measured {
  Curves curves;
  std::vector<bool> active;  // [latent frame]
};
// Of samples [first, first + count). Windows also see the samples around them. One latent frame each `hop` samples; the
// last may be cut short. A silent frame takes the nearest defined value. A signal that is silent throughout takes the
// middle of the control's range. The decoder is given the same in training (data/loader.h).
// Error unless `first` is a multiple of framing.hop and the part lies within the samples.
Measured measure_curves(const std::vector<float>& samples, size_t first, size_t count, const std::vector<Scale>& scales,
                        const Framing& framing, int hop);

// The first `frames` frames of a curve repeated end to end.
template <class T>
std::vector<T> wrapped(const std::vector<T>& curve, int frames) {
  std::vector<T> out(frames);
  for (int i = 0; i < frames; ++i) out[i] = curve[i % curve.size()];
  return out;
}

// As the decoder gets it: bounded to the control's range.
std::vector<float> bounded(const std::vector<float>& curve, const Scale& scale);

struct Fit {
  double pearson, spearman;  // in perceptual units; NaN unless the curve counts
  double l1;                 // in positions: the control's whole range is 2
  double l1_warped;          // dB, octaves
  double l1_physical;        // Hz, ...
  int frames = 0;            // compared
};
// Frames where `where` is true. L1 needs kFewestFrames of them. A correlation also needs an asked curve whose standard
// deviation is more than kLeastDeviation of the control's range. Error when the sizes differ.
constexpr int kFewestFrames = 8;
constexpr double kLeastDeviation = 0.03;
Fit compare(const std::vector<float>& asked, const std::vector<float>& measured, const std::vector<bool>& where,
            const Scale& scale);

// Mean |a - b| in positions over the frames where `where` is true; NaN for fewer than kFewestFrames.
double distance(const std::vector<float>& a, const std::vector<float>& b, const std::vector<bool>& where,
                const Scale& scale);

}  // namespace nr
