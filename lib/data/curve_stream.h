// analyse() for a signal that arrives in blocks: the same measurements, in constant memory but for the curves themselves.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "descriptors/descriptor.h"

namespace nr {

class CurveStream {
 public:
  CurveStream(const std::vector<std::string>& names, const Framing& framing);
  void push(const float* samples, size_t count);
  // One curve a name, ceil(samples / hop) measurements each. Ready for another signal afterwards.
  std::vector<std::vector<float>> finish();

 private:
  void measure(int64_t limit);

  Framing framing_;
  Analyser analyser_;
  std::vector<float> buffer_, values_;
  int64_t base_, total_, next_;  // sample number of buffer_[0]; samples so far; next measurement
  std::vector<std::vector<float>> curves_;
  void reset();
};

}  // namespace nr
