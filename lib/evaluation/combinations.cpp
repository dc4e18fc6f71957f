#include "evaluation/combinations.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"

namespace nr {

TrainingCombinations::TrainingCombinations(const std::vector<std::vector<float>>& points, uint64_t seed) {
  if (points.empty()) return;
  size_ = std::min<int>(kMost, static_cast<int>(points.size()));
  columns_.assign(points.front().size(), std::vector<float>(size_));
  Random random(seed, points.size());
  size_t taken = 0;  // Knuth's selection sampling: each of n with the same chance, in order
  for (size_t i = 0; i < points.size() && static_cast<int>(taken) < size_; ++i) {
    if (random.below(points.size() - i) >= size_ - taken) continue;
    for (size_t k = 0; k < columns_.size(); ++k) columns_[k][taken] = points[i][k];
    ++taken;
  }
}

double TrainingCombinations::nearest(const std::vector<float>& point) const {
  if (!size_) return std::numeric_limits<double>::quiet_NaN();
  std::vector<float> squares(size_, 0.f);
  for (size_t k = 0; k < columns_.size(); ++k)
    for (int i = 0; i < size_; ++i) squares[i] += (columns_[k][i] - point[k]) * (columns_[k][i] - point[k]);
  return std::sqrt(*std::min_element(squares.begin(), squares.end()) / columns_.size());
}

double TrainingCombinations::mean_distance(const Curves& asked, const std::vector<bool>& where,
                                           const std::vector<Scale>& scales) const {
  std::vector<int> frames;
  for (size_t i = 0; i < where.size(); ++i)
    if (where[i]) frames.push_back(static_cast<int>(i));
  if (frames.empty()) return std::numeric_limits<double>::quiet_NaN();
  const int queries = std::min<int>(32, static_cast<int>(frames.size()));
  double sum = 0;
  for (int q = 0; q < queries; ++q) {
    const int frame = frames[q * frames.size() / queries];
    std::vector<float> point;
    for (size_t k = 0; k < scales.size(); ++k)
      point.push_back(static_cast<float>(position(scales[k], asked[k][frame])));
    sum += nearest(point);
  }
  return sum / queries;
}

}  // namespace nr
