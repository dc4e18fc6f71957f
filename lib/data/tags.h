// Opposites of data.tags for every clip: from a label's cells, or from a descriptor.
#pragma once
#include <vector>

#include "data/dataset.h"

namespace nr {

// [clip][tag]: -1, 1 or 0 (unknown). Errors: Dataset's.
std::vector<std::vector<float>> tags_of(const Dataset& dataset);

// Mean of a descriptor, a place in descriptors().names, over a clip's sounding measurements, in its perceptual unit.
// NaN where it is nowhere defined.
double mean_of_descriptor(const Dataset& dataset, int clip, int descriptor);

}  // namespace nr
