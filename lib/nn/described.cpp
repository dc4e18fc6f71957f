#include "nn/described.h"

#include <cmath>

#include "base/error.h"
#include "nn/batch_norm.h"

namespace nr {
namespace nn = torch::nn;
namespace {

constexpr double kBelow = 4;   // of a series in sigmoids: where it is computed, its error is e^(-4 kBelow)
constexpr double kSteep = 1e5;  // of a sigmoid that is a step

}  // namespace

Wire DescribedGraph::affine(const std::string& name, Wire x, const torch::Tensor& matrix, const torch::Tensor& offset) {
  const std::string unique = text("l", weights.size(), "/", name);
  weights[unique] = {matrix.detach().clone(), offset.detach().clone()};
  return graph.conv(unique, x, ConvSpec(int(matrix.size(0)), 1));
}

Wire DescribedGraph::constant(Wire x, const torch::Tensor& values) {
  return affine("constant", graph.slice(x, 0, 1), torch::zeros({values.size(0), 1}), values);
}

Wire DescribedGraph::scaled(Wire x, double gain) { return graph.mul(x, constant(x, torch::full({1}, gain))); }

Wire DescribedGraph::shifted(Wire x, double by) {
  return graph.add(x, constant(x, torch::full({graph[x].channels}, by)));
}

// e^x = e^4 s / (1 - s) with s = sigmoid(x - 4), and s / (1 - s) = s + s^2 + s^3 + s^4 + ... What is added is of one
// size, because integer programs give it one scale.
Wire DescribedGraph::exponential(Wire x) {
  const Wire s = graph.sigmoid(shifted(x, -kBelow)), square = graph.mul(s, s), two = graph.add(s, square);
  return scaled(graph.add(two, graph.mul(two, square)), std::exp(kBelow));
}

Wire DescribedGraph::elu(Wire x) {
  const Wire above = graph.leaky_relu(x, 0);
  return graph.add(above, shifted(exponential(difference(x, above)), -1));
}

Wire DescribedGraph::dense(Wire x, const nn::Sequential& network) {
  torch::Tensor matrix, offset;  // of the linear layer before
  const auto flush = [&] {
    if (matrix.defined()) x = affine("dense", x, matrix, offset);
    matrix = torch::Tensor(), offset = torch::Tensor();
  };
  for (const auto& layer : network->children()) {
    if (auto* linear = layer->as<nn::Linear>()) {
      flush();
      matrix = linear->weight;
      offset = linear->bias.defined() ? linear->bias : torch::zeros({matrix.size(0)});
    } else if (auto* norm = layer->as<BatchNorm>()) {
      const auto numbers = norm->named_buffers();
      const auto gain = norm->weight / (numbers["running_var"] + BatchNormImpl::kEpsilon).sqrt();
      if (!matrix.defined()) fail("a batch normalisation ships behind a linear layer only");
      matrix = gain.unsqueeze(1) * matrix, offset = gain * (offset - numbers["running_mean"]) + norm->bias;
    } else if (layer->as<nn::ReLU>()) {
      flush();
      x = graph.leaky_relu(x, 0);
    } else if (layer->as<nn::ELU>()) {
      flush();
      x = elu(x);
    } else if (!layer->as<nn::Dropout>()) {
      fail("a layer of the kind ", layer->name(), " does not ship");
    }
  }
  flush();
  return x;
}

// Halves play each other until one channel is left; each brings its number along.
Wire DescribedGraph::of_highest(Wire x, const torch::Tensor& values) {
  Wire number = constant(x, values);
  for (int left = graph[x].channels; left > 1; left = (left + 1) / 2) {
    const int half = (left + 1) / 2, rest = left - half;  // of an odd number, the one in the middle plays twice
    const auto split = [&](Wire w) { return std::pair(graph.slice(w, 0, half), graph.slice(w, rest, half)); };
    const auto [a, b] = split(x);
    const auto [number_a, number_b] = split(number);
    const Wire ahead = difference(b, a), step = graph.sigmoid(scaled(ahead, kSteep));
    x = graph.add(a, graph.leaky_relu(ahead, 0));
    number = graph.add(number_a, graph.mul(difference(number_b, number_a), step));
  }
  return number;
}

}  // namespace nr
