// Which samples of which clips make one training segment. Of a long clip a random place is cut. Short clips are joined
// end to end, so that no segment is mostly padding. Or every segment is one whole clip.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "base/random.h"

namespace nr {

struct Piece {
  int clip = 0;
  int64_t from = 0;  // first sample in the clip, a multiple of the measurement hop
  int64_t to = 0;    // one past the last
  int64_t at = 0;    // where it lies in the segment, a multiple of the latent hop
};

struct CropShape {
  int segment = 0;          // samples
  int measurement_hop = 0;  // samples
  int latent_hop = 0;       // samples; divides the segment
  bool whole = false;       // one clip a segment, from its start, cut where the segment ends
};

class Crops {
 public:
  // clips: which of them may be drawn; lengths: samples of each clip; weights: how likely each of its samples is, or
  // for whole clips how likely the clip is.
  Crops(const std::vector<int>& clips, const std::vector<int64_t>& lengths, const std::vector<double>& weights,
        const CropShape& shape);
  std::vector<Piece> draw(Random& random) const;

 private:
  // Clips drawn with a chance in proportion to their weight.
  struct Urn {
    std::vector<int> clips;
    std::vector<double> sums;  // running sums
    void add(int clip, double chance);
    int draw(Random& random) const;
  };

  std::vector<int64_t> lengths_;
  Urn all_, short_;
  int64_t segment_, measurement_hop_, latent_hop_;
  bool whole_;
};

// Clip -> its share of the samples [from, to) of the pieces laid out at their places, with what lies before the first
// piece in its clip. Padding behind the pieces is not counted.
std::map<int, double> shares(const std::vector<Piece>& pieces, int64_t from, int64_t to);

}  // namespace nr
