// How far an asked combination of descriptors lies from the nearest one that was ever heard in training. Some cannot be played: no sound
// has a high rolloff and a low centroid, and a model that misses such a request is not to blame. No torch.
#pragma once
#include <cstdint>
#include <vector>

#include "evaluation/curves.h"

namespace nr {

class Reach {
 public:
  // points: knob positions [combination][control]; at most kMost of them are kept, drawn by seed.
  Reach(const std::vector<std::vector<float>>& points, uint64_t seed);
  // Root mean square over the controls of the knob distance to the nearest combination; NaN without any.
  double nearest(const std::vector<float>& point) const;
  // Mean over at most 32 evenly spaced frames among those where `where` is true; NaN when there are none.
  double mean_distance(const Curves& asked, const std::vector<bool>& where, const std::vector<Scale>& scales) const;
  int size() const { return size_; }

  static constexpr int kMost = 20000;

 private:
  int size_ = 0;
  std::vector<std::vector<float>> columns_;  // [control][combination]
};

}  // namespace nr
