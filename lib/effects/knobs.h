// What a chain draws, as knobs of a model that streams: controls that are set and never measured.
#pragma once
#include <string>
#include <vector>

#include "base/random.h"
#include "descriptors/scale.h"
#include "effects/labels.h"

namespace nr {

// A knob for each name of a parameter in a place of the chain, over the range that is drawn: "drive", also of a place
// with several effects that each have a drive. The choice of a place is the knob "effect": 0 its first effect, 1 its
// second. A place behind the first has "drive_2" where an earlier one has a drive.
class Knobs {
 public:
  // Error as of ChainLabels, and when effects that share a knob are drawn from other ranges. classes: of each scale.
  Knobs(const ChainConfig& config, int classes);

  const std::vector<Scale>& scales() const { return scales_; }
  std::vector<std::string> names() const;
  // Names of what a knob chooses from, in order; empty of one that has a range.
  const std::vector<std::string>& choices(size_t knob) const { return labels_.columns()[columns_[knob][0]].choices; }
  // How knobs in [-1, 1] stand for drawn links. One that none of them reads is drawn, so that a model learns to pass it
  // over.
  void of(const Links& links, Random& draw, float* positions) const;
  Links links(const float* positions) const;

 private:
  ChainLabels labels_;
  std::vector<Scale> scales_;
  std::vector<std::vector<size_t>> columns_;  // of the labels, for each knob
};

}  // namespace nr
