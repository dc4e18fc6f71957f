#include "nn/parameter_space.h"

#include <torch/torch.h>

#include <cmath>

namespace nr {

ParameterSpace::ParameterSpace(const SynthParameters& all, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    columns_.push_back(all[index_of(all, name)]);
    (columns_.back().levels() ? discrete_ : continuous_).push_back(int64_t(columns_.size()) - 1);
  }
}

int64_t ParameterSpace::scores() const {
  int64_t sum = 0;
  for (const int64_t column : discrete_) sum += columns_[size_t(column)].levels();
  return sum;
}

torch::Tensor ParameterSpace::positions(const torch::Tensor& values) const {
  std::vector<torch::Tensor> out;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const SynthParameter& p = columns_[i];
    const auto inside = values.select(1, int64_t(i)).clamp(p.low, p.high);
    out.push_back(p.law == SynthParameter::Law::kLogarithmic ? (inside / p.low).log() / std::log(p.high / p.low)
                                                            : (inside - p.low) / (p.high - p.low));
  }
  return torch::stack(out, 1);
}

torch::Tensor ParameterSpace::values(const torch::Tensor& positions) const {
  std::vector<torch::Tensor> out;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const SynthParameter& p = columns_[i];
    const auto inside = positions.select(1, int64_t(i)).clamp(0, 1);
    if (p.law == SynthParameter::Law::kLogarithmic)
      out.push_back((p.low * torch::pow(p.high / p.low, inside)).clamp(p.low, p.high));
    else if (p.levels())
      out.push_back(p.low + (inside * (p.high - p.low)).round());
    else
      out.push_back(p.low + inside * (p.high - p.low));
  }
  return torch::stack(out, 1);
}

torch::Tensor ParameterSpace::of_continuous(const torch::Tensor& columns) const {
  return columns.index_select(1, torch::tensor(continuous_, torch::kLong).to(columns.device()));
}

torch::Tensor ParameterSpace::level(const torch::Tensor& positions, size_t which) const {
  const int64_t column = discrete_[which], levels = columns_[size_t(column)].levels();
  return (positions.select(1, column).clamp(0, 1) * double(levels - 1)).round().to(torch::kLong);
}

torch::Tensor ParameterSpace::join(const torch::Tensor& continuous, const torch::Tensor& scores) const {
  std::vector<torch::Tensor> out(columns_.size());
  for (size_t i = 0; i < continuous_.size(); ++i) out[size_t(continuous_[i])] = continuous.select(1, int64_t(i));
  int64_t from = 0;
  for (const int64_t column : discrete_) {
    const int64_t levels = columns_[size_t(column)].levels();
    out[size_t(column)] = scores.narrow(1, from, levels).argmax(1).to(torch::kFloat) / double(levels - 1);
    from += levels;
  }
  return torch::stack(out, 1);
}

torch::Tensor ParameterSpace::one_hot(const torch::Tensor& positions) const {
  std::vector<torch::Tensor> out{positions.narrow(1, 0, 0)};
  for (size_t i = 0; i < discrete_.size(); ++i)
    out.push_back(torch::one_hot(level(positions, i), columns_[size_t(discrete_[i])].levels()).to(positions.dtype()));
  return torch::cat(out, 1);
}

torch::Tensor ParameterSpace::spread(const torch::Tensor& columns) const {
  std::vector<torch::Tensor> out{columns.narrow(1, 0, 0)};
  for (const int64_t column : discrete_)
    out.push_back(columns.narrow(1, column, 1).expand({-1, columns_[size_t(column)].levels()}));
  return torch::cat(out, 1);
}

torch::Tensor ParameterSpace::cross_entropy(const torch::Tensor& scores, const torch::Tensor& positions,
                                            const torch::Tensor& mask) const {
  auto sum = torch::zeros({}, scores.options()), count = torch::zeros({}, scores.options());
  int64_t from = 0;
  for (size_t i = 0; i < discrete_.size(); ++i) {
    const int64_t levels = columns_[size_t(discrete_[i])].levels();
    const auto log_share = torch::log_softmax(scores.narrow(1, from, levels), 1);
    const auto known = mask.select(1, discrete_[i]);
    sum = sum - (log_share.gather(1, level(positions, i).unsqueeze(1)).squeeze(1) * known).sum();
    count = count + known.sum();
    from += levels;
  }
  return sum / count.clamp_min(1);
}

}  // namespace nr
