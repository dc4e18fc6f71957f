// Which samples of which clips make one training segment. Long clips: a random place, every sample as likely as any other of its weight.
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
  // lengths: samples of each clip; weights: how likely each of its samples is; clips: which of them may be drawn.
  Crops(const std::vector<int>& clips, const std::vector<int64_t>& lengths, const std::vector<double>& weights, int segment, int measurement_hop,
        int latent_hop);
  std::vector<Piece> draw(Random& random) const;

 private:
  // Clips drawn with a chance in proportion to length x weight.
  struct Urn {
    std::vector<int> clips;
    std::vector<double> sums;  // running sums
    void add(int clip, double chance);
    int draw(Random& random) const;
  };

  std::vector<int64_t> lengths_;
  Urn all_, short_;
  int64_t segment_, measurement_hop_, latent_hop_;
};

}  // namespace nr
