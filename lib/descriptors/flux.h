// Spectral flux: the share of a frame's magnitude spectrum that the frame before did not have, 0 (steady) ... 1 (new).
#pragma once
#include <vector>

#include "descriptors/extractor.h"

namespace nr {

class Flux : public Extractor {
 public:
  explicit Flux(const Framing& framing);
  float of(const Frame& frame) override;
  void reset() override;

 private:
  std::vector<float> before_;  // [bins]: silence before the first frame
};

}  // namespace nr
