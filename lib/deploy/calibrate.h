// What the stores hold while the float network streams a calibration set: the ranges that integers must cover.
#pragma once
#include <array>

#include "deploy/lower.h"
#include "deploy/play.h"

namespace nr {

class StoreRanges {
 public:
  // `unshared`: the steps lowered with share = false. Inputs in the order of steps.inputs.
  StoreRanges(const Steps& steps, const Lowered& unshared, const std::vector<Signal>& inputs);

  // Of every store: what all but a share `beyond` of its values stay within; 0: the largest magnitude. Of inputs and
  // outputs always the largest.
  Peaks peaks(double beyond = 0) const;

 private:
  // Counts of magnitudes by exponent and the first three bits of the mantissa: eight bins an octave.
  using Histogram = std::array<int64_t, 2048>;
  Peaks largest_;
  std::vector<bool> port_;
  std::vector<Histogram> counts_;
};

// The first output of the float stream, to compare an integer program with: its pulses count by the program's pitch.
std::vector<float> float_output(const Steps& steps, const Lowered& program, std::vector<Signal> inputs);

// The peaks with which the network of this precision plays the calibration set best. Rare values are cut off only where
// finer steps for all others are worth a bit, 6 dB: such is a network whose wires rise far more than its sound does.
Peaks choose_peaks(const Steps& steps, const StoreRanges& ranges, const std::vector<Signal>& calibration,
                   nr_precision precision);

}  // namespace nr
