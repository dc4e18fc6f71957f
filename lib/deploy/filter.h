// Torch's convolution weights in the one form the stream knows.
#pragma once
#include "deploy/steps.h"

namespace nr {

// One filter a group; of a transposed convolution, ceil(kernel / stride) taps of stride * channels outputs.
// Error when the weights are of another size than the node.
std::vector<Filter> make_filters(const Node& node, int in_channels, const NodeWeights& weights);
// Of every phase, `count` of the outputs.
Filter outputs_of(const Filter& filter, int first, int count);
// y = gain * (x - mean) / sqrt(variance) + offset, folded into what made x.
void fold_norm(const NodeWeights& norm, int first_channel, Filter& filter);

}  // namespace nr
