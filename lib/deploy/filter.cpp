#include "deploy/filter.h"

#include <cmath>

#include "base/error.h"

namespace nr {
namespace {

std::vector<Filter> make_conv(const Node& n, int in, const NodeWeights& w) {
  const int inputs = in / n.groups, outputs = n.channels / n.groups;
  std::vector<Filter> filters;
  for (int g = 0; g < n.groups; ++g) {
    Filter f{outputs, n.kernel, inputs, n.stride, n.dilation, 1, !n.fixed.empty()};
    for (int o = g * outputs; o < (g + 1) * outputs; ++o) {
      for (int k = 0; k < n.kernel; ++k)
        for (int c = 0; c < inputs; ++c) f.weight.push_back(w.weight[(size_t(o) * inputs + c) * n.kernel + k]);
      f.bias.push_back(w.bias.empty() ? 0 : w.bias[o]);
    }
    filters.push_back(std::move(f));
  }
  return filters;
}

// y[t * stride + p] = sum_i w[p + i * stride] x[t - i]: output p * channels + o of row t, tap taps - 1 - i.
Filter make_transposed(const Node& n, int in, const NodeWeights& w) {
  const int taps = (n.kernel + n.stride - 1) / n.stride;
  Filter f{n.stride * n.channels, taps, in, 1, 1, n.stride, !n.fixed.empty()};
  for (int p = 0; p < n.stride; ++p)
    for (int o = 0; o < n.channels; ++o) {
      for (int k = 0; k < taps; ++k)
        for (int c = 0; c < in; ++c) {
          const int j = p + (taps - 1 - k) * n.stride;
          f.weight.push_back(j < n.kernel ? w.weight[(size_t(c) * n.channels + o) * n.kernel + j] : 0);
        }
      f.bias.push_back(w.bias.empty() ? 0 : w.bias[o]);
    }
  return f;
}

}  // namespace

std::vector<Filter> make_filters(const Node& n, int in, const NodeWeights& w) {
  const size_t expected = size_t(n.channels) * (in / n.groups) * n.kernel;
  if (w.weight.size() != expected)
    fail("graph node '", n.name, "': ", w.weight.size(), " weights were given, it has ", expected);
  if (!w.bias.empty() && int(w.bias.size()) != n.channels)
    fail("graph node '", n.name, "': ", w.bias.size(), " biases were given, it has ", n.channels);
  if (n.op == NR_CONV) return make_conv(n, in, w);
  return {make_transposed(n, in, w)};
}

Filter outputs_of(const Filter& f, int first, int count) {
  const size_t size = size_t(f.taps) * f.channels;
  const int channels = f.outputs / f.phases;
  Filter out = f;
  out.outputs = f.phases * count, out.weight.clear(), out.bias.clear();
  for (int p = 0; p < f.phases; ++p) {
    const size_t from = size_t(p) * channels + first;
    out.weight.insert(out.weight.end(), f.weight.begin() + from * size, f.weight.begin() + (from + count) * size);
    out.bias.insert(out.bias.end(), f.bias.begin() + from, f.bias.begin() + from + count);
  }
  return out;
}

void fold_norm(const NodeWeights& norm, int first, Filter& f) {
  const size_t size = size_t(f.taps) * f.channels;
  const int channels = f.outputs / f.phases;
  for (int o = 0; o < f.outputs; ++o) {
    const int c = first + o % channels;
    const double gain = norm.weight[c] / std::sqrt(double(norm.variance[c]));
    for (size_t i = 0; i < size; ++i) f.weight[o * size + i] *= gain;
    f.bias[o] = (f.bias[o] - norm.mean[c]) * gain + norm.bias[c];
  }
}

}  // namespace nr
