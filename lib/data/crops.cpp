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

Crops::Crops(const std::vector<int>& clips, const std::vector<int64_t>& lengths, const std::vector<double>& weights,
             const CropShape& shape)
    : lengths_(lengths),
      segment_(shape.segment),
      measurement_hop_(shape.measurement_hop),
      latent_hop_(shape.latent_hop),
      whole_(shape.whole) {
  if (clips.empty()) fail("no recording in this split: nothing to draw crops from");
  if (segment_ % latent_hop_ != 0)
    fail("data.segment is ", segment_, " samples: it must be a multiple of the model's hop of ", latent_hop_);
  for (const int clip : clips) {
    const double chance = whole_ ? weights[clip] : static_cast<double>(lengths[clip]) * weights[clip];
    all_.add(clip, chance);
    if (lengths[clip] < segment_) short_.add(clip, chance);
  }
}

std::vector<Piece> Crops::draw(Random& random) const {
  const int first = all_.draw(random);
  const int64_t length = lengths_[first];
  if (whole_) return {{first, 0, std::min(length, segment_), 0}};
  if (length >= segment_) {
    const int64_t places = (length - segment_) / measurement_hop_ + 1;
    const int64_t from = measurement_hop_ * static_cast<int64_t>(random.below(places));
    return {{first, from, from + segment_, 0}};
  }
  // The first short clip is entered somewhere, so that an onset may lie anywhere; those that follow begin at their
  // beginning.
  std::vector<Piece> pieces;
  int64_t at = 0;
  for (int clip = short_.draw(random); at < segment_; clip = short_.draw(random)) {
    const int64_t samples = lengths_[clip], places = (samples - 1) / measurement_hop_ + 1;
    const int64_t from = pieces.empty() ? measurement_hop_ * static_cast<int64_t>(random.below(places)) : 0;
    const int64_t to = std::min(samples, from + segment_ - at);
    pieces.push_back({clip, from, to, at});
    at += (to - from + latent_hop_ - 1) / latent_hop_ * latent_hop_;
  }
  return pieces;
}

std::map<int, double> shares(const std::vector<Piece>& pieces, int64_t from, int64_t to) {
  std::map<int, double> out;
  double total = 0;
  for (const Piece& piece : pieces) {
    const int64_t before = &piece == &pieces.front() ? piece.from : 0;
    const int64_t begin = std::max(from, piece.at - before), end = std::min(to, piece.at + piece.to - piece.from);
    if (begin >= end) continue;
    out[piece.clip] += static_cast<double>(end - begin);
    total += static_cast<double>(end - begin);
  }
  if (out.empty()) return {{pieces.back().clip, 1}};  // none of its samples is a clip's
  for (auto& [clip, share] : out) share /= total;
  return out;
}

}  // namespace nr
