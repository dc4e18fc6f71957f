// Parameters of a synthesizer, or of a chain of effects, as tensors. A position is in [0, 1] over a parameter's range.
// Integers and choices are also levels, each with a score of its own.
#pragma once
#include <torch/types.h>

#include <string>
#include <vector>

#include "synth/parameter.h"

namespace nr {

class ParameterSpace {
 public:
  // names: the columns, of the synthesizer's parameters. Error for a name that is not among them.
  ParameterSpace(const SynthParameters& all, const std::vector<std::string>& names);

  const SynthParameters& columns() const { return columns_; }
  int64_t size() const { return int64_t(columns_.size()); }
  int64_t continuous() const { return int64_t(continuous_.size()); }  // how many
  int64_t scores() const;                                            // levels of all integers and choices together

  // [n, size] in their own units <-> positions. What is beyond a range is clipped.
  torch::Tensor positions(const torch::Tensor& values) const;
  torch::Tensor values(const torch::Tensor& positions) const;
  // Of [n, size]: the columns that are continuous.
  torch::Tensor of_continuous(const torch::Tensor& columns) const;
  // [n, continuous] positions and [n, scores]: every column's position, of a level that of the highest score.
  torch::Tensor join(const torch::Tensor& continuous, const torch::Tensor& scores) const;
  // Of positions [n, size]: 1 at each integer's and choice's level, else 0: [n, scores].
  torch::Tensor one_hot(const torch::Tensor& positions) const;
  // [n, size] -> [n, scores]: each integer's and choice's column, once a level.
  torch::Tensor spread(const torch::Tensor& columns) const;
  // Mean of -ln softmax of the right level's score over what the mask [n, size] counts, in nats; 0 where nothing does.
  torch::Tensor cross_entropy(const torch::Tensor& scores, const torch::Tensor& positions,
                              const torch::Tensor& mask) const;

 private:
  torch::Tensor level(const torch::Tensor& positions, size_t which) const;  // int64 [n]

  SynthParameters columns_;
  std::vector<int64_t> continuous_, discrete_;  // columns
};

}  // namespace nr
