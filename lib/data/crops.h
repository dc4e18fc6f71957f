// Which samples of which clips make one training segment. Long clips: a random place, every sample as likely as any other.
// Short clips: whole ones end to end, so that no segment is mostly padding.
#pragma once
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace nr {

struct Piece {
  int clip = 0;
  int64_t from = 0;    // first sample in the clip, a multiple of the measurement hop
  int64_t to = 0;      // one past the last
  int64_t at = 0;      // where it lies in the segment, a multiple of the latent hop
};

class Crops {
 public:
  // lengths: samples of each clip; clips: which of them may be drawn.
  Crops(const std::vector<int>& clips, const std::vector<int64_t>& lengths, int segment, int measurement_hop, int latent_hop);
  std::vector<Piece> draw(Random& random) const;

 private:
  // Clips drawn with a chance in proportion to their length.
  struct Urn {
    std::vector<int> clips;
    std::vector<int64_t> sums;  // running sums of lengths
    void add(int clip, int64_t length);
    size_t draw(Random& random) const;
  };
  int64_t length_in(const Urn& urn, size_t i) const { return urn.sums[i] - (i ? urn.sums[i - 1] : 0); }

  Urn all_, short_;
  int64_t segment_, measurement_hop_, latent_hop_;
};

}  // namespace nr
