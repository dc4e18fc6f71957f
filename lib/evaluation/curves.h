// Control curves at the latent rate, and how close the measured ones come to the asked ones. No torch.
#pragma once
#include <string>
#include <vector>

#include "descriptors/scale.h"

namespace nr {

using Curves = std::vector<std::vector<float>>;  // [control][latent frame], physical units, no gaps

// Position on a knob, -1 ... 1 within its range and beyond it outside: Scale::normalise without the clipping.
double knob(const Scale& scale, float physical);
// The descriptor's perceptual unit: dB, octaves or its own.
double warped(const Scale& scale, float physical);

// What was measured of one signal: the controls, and where it sounds.
struct Measured {
  Curves curves;
  std::vector<bool> active;  // [latent frame]
};
// Of samples [first, first + count), seen with what lies around them; first: a multiple of framing.hop. One latent frame each `hop` samples,
// the last perhaps cut short. A silent frame takes the nearest defined value and a signal silent all along the middle of the knob: what the
// decoder is given in training (data/loader.h).
Measured measure_curves(const std::vector<float>& samples, size_t first, size_t count, const std::vector<Scale>& scales, const Framing& framing,
                        int hop);

// The first `frames` frames of a curve repeated end to end.
template <class T>
std::vector<T> wrapped(const std::vector<T>& curve, int frames) {
  std::vector<T> out(frames);
  for (int i = 0; i < frames; ++i) out[i] = curve[i % curve.size()];
  return out;
}

// As the decoder gets it: bounded to the knob's range.
std::vector<float> bounded(const std::vector<float>& curve, const Scale& scale);

struct Fit {
  double pearson, spearman;  // in perceptual units; NaN unless the curve counts
  double l1;                 // on the knob, whose whole range is 2
  double l1_warped;          // dB, octaves
  double l1_physical;        // Hz, ...
  int frames = 0;            // compared
};
// Frames where `where` is true. L1 needs kFewestFrames of them; a correlation moreover an asked deviation of more than 3 % of the range.
constexpr int kFewestFrames = 8;
constexpr double kLeastDeviation = 0.03;
Fit compare(const std::vector<float>& asked, const std::vector<float>& measured, const std::vector<bool>& where, const Scale& scale);

// Mean |a - b| on the knob over the frames where `where` is true; NaN for fewer than kFewestFrames.
double distance(const std::vector<float>& a, const std::vector<float>& b, const std::vector<bool>& where, const Scale& scale);

}  // namespace nr
