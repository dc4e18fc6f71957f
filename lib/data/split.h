// Which split a recording belongs to: by hash of its name or of its group, so that adding files moves none of the others.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"

namespace nr {

// groups: one a recording; equal texts are never separated. Every split with a share gets at least one group when there are three;
// the one moved is the one whose hash lies nearest.
std::vector<Split> assign_splits(const std::vector<std::string>& groups, double validation, double test);

}  // namespace nr
