// How far an asked combination of descriptors lies from the nearest one in the training split. Some combinations exist
// in no sound, such as a high rolloff with a low centroid: a model that misses such a request is not to blame. No
// torch.
#pragma once
#include <cstdint>
#include <vector>

#include "evaluation/curves.h"

namespace nr {

class TrainingCombinations {
 public:
  // points: positions [combination][control]; at most kMost of them are kept, drawn by seed.
  TrainingCombinations(const std::vector<std::vector<float>>& points, uint64_t seed);
  // Root mean square over the controls of the difference in position to the nearest combination; NaN without any.
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
