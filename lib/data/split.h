// Which split a recording belongs to: by hash of its name or of its group, so that adding files moves none of the others.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"

namespace nr {

// groups: one a recording; equal texts are never separated. Training gets at least one group, and so does every split with a share when there are three;
// the one moved is the one whose hash lies nearest.
// strata: one a recording; that holds of each stratum by itself. A group belongs to the stratum of its first recording.
std::vector<Split> assign_splits(const std::vector<std::string>& groups, const std::vector<std::string>& strata, double validation, double test);

// CSV: path, split, seconds.
std::string clip_list(const std::vector<ClipInfo>& clips, int sample_rate);

}  // namespace nr
