// A program on a desktop: what Stream (export/runtime/stream.h) computes, by kernels for the CPU that it runs on. An
// integer program gives the board's bits; a float one's sums are in another order, and its exponentials within 2 units
// in the last place. A tick allocates nothing, takes no lock and calls no system.
#pragma once
#include <functional>
#include <vector>

#include "engine/convolution.h"
#include "engine/workers.h"
#include "export/runtime/tick.h"

namespace nr {

class Engine {
 public:
  // Packs the weights: the program's tables may go, its ports, nodes and lines may not. threads: the one that calls
  // tick(), and workers (workers.h), which take part in large convolutions; the same numbers with any number of them.
  explicit Engine(const nr_program& program, int threads = 1);
  void reset();
  // As Stream's. While it runs, numbers below the smallest normal one count as 0.
  void tick(const float* const* inputs, float* const* outputs);
  void tick(const int16_t* const* inputs, int16_t* const* outputs);

  const void* arena() const { return arena_.data(); }
  size_t weight_bytes() const { return weights_.size(); }  // as packed
  // Called after every node of a tick with its number: for measurements.
  void watch(std::function<void(int)> seen) { seen_ = std::move(seen); }

 private:
  void convolve(const PackedConvolution& convolution, void* arena);
  template <class T, class X>
  void run_all(const X* const* inputs, X* const* outputs);

  const nr_program& program_;
  std::vector<PackedConvolution> convolutions_;  // in the order of the nodes
  std::vector<int> convolution_of_;              // by node; -1: none
  Memory weights_, arena_;
  TickState state_;
  std::function<void(int)> seen_;
  Workers workers_;
};

}  // namespace nr
