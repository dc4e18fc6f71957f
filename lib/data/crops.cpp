#include "data/crops.h"

#include <algorithm>

#include "base/error.h"

namespace nr {

void Crops::Urn::add(int clip, double chance) {
  clips.push_back(clip);
  sums.push_back((sums.empty() ? 0 : sums.back()) + chance);
}

int Crops::Urn::draw(Random& random) const {
  const size_t at = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sums.back()) - sums.begin();
  return clips[std::min(at, clips.size() - 1)];
}

Crops::Crops(const std::vector<int>& clips, const std::vector<int64_t>& lengths, const std::vector<double>& weights, int segment, int measurement_hop,
             int latent_hop)
    : lengths_(lengths), segment_(segment), measurement_hop_(measurement_hop), latent_hop_(latent_hop) {
  if (clips.empty()) fail("no recording in this split: nothing to draw crops from");
  if (segment % latent_hop != 0) fail("data.segment is ", segment, " samples: it must be a multiple of the model's hop of ", latent_hop);
  for (const int clip : clips) {
    const double chance = static_cast<double>(lengths[clip]) * weights[clip];
    all_.add(clip, chance);
    if (lengths[clip] < segment) short_.add(clip, chance);
  }
}

std::vector<Piece> Crops::draw(Random& random) const {
  const int first = all_.draw(random);
  const int64_t length = lengths_[first];
  if (length >= segment_) {
    const int64_t from = measurement_hop_ * static_cast<int64_t>(random.below((length - segment_) / measurement_hop_ + 1));
    return {{first, from, from + segment_, 0}};
  }
  // The first short clip is entered somewhere, so that an onset may lie anywhere; those that follow begin at their beginning.
  std::vector<Piece> pieces;
  int64_t at = 0;
  for (int clip = short_.draw(random); at < segment_; clip = short_.draw(random)) {
    const int64_t samples = lengths_[clip];
    const int64_t from = pieces.empty() ? measurement_hop_ * static_cast<int64_t>(random.below((samples - 1) / measurement_hop_ + 1)) : 0;
    const int64_t to = std::min(samples, from + segment_ - at);
    pieces.push_back({clip, from, to, at});
    at += (to - from + latent_hop_ - 1) / latent_hop_ * latent_hop_;
  }
  return pieces;
}

}  // namespace nr
