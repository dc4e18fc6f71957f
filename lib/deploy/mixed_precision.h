// Weights of 8 or 16 bits, convolution by convolution.
//
// The rule. Every convolution has 8 bits at first (fixed weights, the filter bank's, always have 16). Each one is then
// given 16 bits alone, and the network plays the calibration set: how much error energy against the float stream that
// removes, for each byte that it adds, is the convolution's worth. The convolutions are raised to 16 bits in the order
// of their worth, and the set is played again after each. With a goal of signal to error this ends where the goal is
// met; with a limit of bytes a convolution that does not fit any more is left out, and the next one is tried.
#pragma once
#include <string>
#include <vector>

#include "deploy/lower.h"
#include "deploy/play.h"

namespace nr {

struct PrecisionGoal {
  double snr_db = 0;  // of the calibration set; 0: as good as the bytes allow
  int64_t bytes = 0;  // of the number tables (Lowered::number_bytes), at most; 0: as many as it takes
};

struct MixedLayer {
  std::string name;
  int bits = 8;
  int64_t more_bytes = 0;  // with 16 bits
  double gain_db = 0;      // in signal to error, where it alone has 16 bits
};

struct ChosenPrecisions {
  WeightBits bits;                 // for lower()
  std::vector<MixedLayer> layers;  // without fixed weights; by worth, the highest first
  double snr_db = 0;               // of the calibration set
  int64_t bytes = 0;
};

// `calibration`: in the order of steps.inputs. Where the goal of signal to error is too high, every convolution that
// the bytes allow has 16 bits. Error that says by how much where 8 bits everywhere take more bytes than the limit.
ChosenPrecisions choose_precisions(const Steps& steps, const Peaks& peaks, const std::vector<Signal>& calibration,
                                 const PrecisionGoal& goal);

// What was chosen, by how much the goal was missed, and a line each layer.
std::string to_text(const ChosenPrecisions& mixed, const PrecisionGoal& goal);

}  // namespace nr
