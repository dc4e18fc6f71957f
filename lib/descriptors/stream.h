// Descriptors of a signal that arrives in blocks of any size: a file too large for memory, or a live input.
#pragma once
#include <functional>
#include <vector>

#include "descriptors/descriptor.h"

namespace nr {

class DescriptorStream {
 public:
  // sink: called for every measurement, in order and as soon as its window is complete, with one value a name.
  DescriptorStream(const std::vector<std::string>& names, const Framing& framing,
                   std::function<void(const float* values)> sink);
  void process(const float* samples, size_t count);  // never allocates
  void finish();                                     // measures the windows that reach beyond the end, over zeros
  void reset();                                      // before another signal

 private:
  void take(const float* samples, size_t count);  // samples null: zeros
  Framing framing_;
  Analyser analyser_;
  std::function<void(const float*)> sink_;
  std::vector<float> buffer_, values_;
  size_t filled_ = 0, skip_ = 0;  // samples in the buffer; samples to drop before the next window begins
  int64_t taken_ = 0, measured_ = 0;
};

}  // namespace nr
