// t-SNE (van der Maaten and Hinton, JMLR 9, 2008), exact: a plane in which points that are near stay near.
#pragma once
#include <torch/types.h>

namespace nr {

// points [n, d], n of 4 to 2000 -> [n, 2], the same for the same points.
torch::Tensor tsne(const torch::Tensor& points, double perplexity = 30, int steps = 400);

// The first three (or d) principal components of points [n, d] -> [n, 3].
torch::Tensor principal_components(const torch::Tensor& points);

}  // namespace nr
