#include "data/crops.h"

#include <algorithm>

#include "base/error.h"

namespace nr {

void Crops::Urn::add(int clip, int64_t length) {
  clips.push_back(clip);
  sums.push_back((sums.empty() ? 0 : sums.back()) + length);
}

size_t Crops::Urn::draw(Random& random) const {
  const auto ticket = static_cast<int64_t>(random.below(static_cast<uint64_t>(sums.back())));
  return std::upper_bound(sums.begin(), sums.end(), ticket) - sums.begin();
}

Crops::Crops(const std::vector<int>& clips, const std::vector<int64_t>& lengths, int segment, int measurement_hop, int latent_hop)
    : segment_(segment), measurement_hop_(measurement_hop), latent_hop_(latent_hop) {
  if (clips.empty()) fail("no recording in this split: nothing to draw crops from");
  if (segment % latent_hop != 0) fail("data.segment is ", segment, " samples: it must be a multiple of the model's hop of ", latent_hop);
  for (const int clip : clips) {
    all_.add(clip, lengths[clip]);
    if (lengths[clip] < segment) short_.add(clip, lengths[clip]);
  }
}

std::vector<Piece> Crops::draw(Random& random) const {
  const size_t first = all_.draw(random);
  const int64_t length = length_in(all_, first);
  if (length >= segment_) {
    const int64_t from = measurement_hop_ * static_cast<int64_t>(random.below((length - segment_) / measurement_hop_ + 1));
    return {{all_.clips[first], from, from + segment_, 0}};
  }
  // The first short clip is entered somewhere, so that an onset may lie anywhere; those that follow begin at their beginning.
  std::vector<Piece> pieces;
  int64_t at = 0;
  for (size_t i = short_.draw(random); at < segment_; i = short_.draw(random)) {
    const int64_t samples = length_in(short_, i);
    const int64_t from = pieces.empty() ? measurement_hop_ * static_cast<int64_t>(random.below((samples - 1) / measurement_hop_ + 1)) : 0;
    const int64_t to = std::min(samples, from + segment_ - at);
    pieces.push_back({short_.clips[i], from, to, at});
    at += (to - from + latent_hop_ - 1) / latent_hop_ * latent_hop_;
  }
  return pieces;
}

}  // namespace nr
