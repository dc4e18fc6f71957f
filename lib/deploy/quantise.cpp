#include "deploy/quantise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace nr {
namespace {

constexpr double kHeadroom = 1.15, kLargest = 32767;
// Of what an excitation becomes: how pulses meet at an onset depends on their phase, so peaks vary from note to note.
constexpr double kFilteredHeadroom = 2;
// Of what a concat appends: its weights shrink with its step, so that a finer step rounds them more.
constexpr double kAppendedSteps = 4096;
constexpr int64_t kInputs = 32768, kLimit = int64_t(1) << 31;  // accumulators stay below the limit
constexpr double kMultiplierOne = 4294967296.0;                // 2^32

// tanh and the sigmoids are flat beyond these: a wire that only they read need not resolve more.
double saturation(Op op) { return op == NR_TANH ? 8 : op == NR_SIGMOID || op == NR_MOD_SIGMOID ? 12 : 0; }

// One weight's step for output o: full range of `bits`, larger where the accumulator could overflow. Rounding adds at
// most half a step to each weight, hence the fan-in term.
double step_of(const Filter& f, int o, double in_scale, int bits) {
  const size_t size = size_t(f.taps) * f.channels;
  double peak = 0, sum = 0;
  for (size_t i = o * size; i < (o + 1) * size; ++i)
    peak = std::max(peak, std::fabs(f.weight[i])), sum += std::fabs(f.weight[i]);
  const double room = double(kLimit) - double(size) * kInputs / 2 - 2;
  if (room <= 0) fail("a convolution of ", size, " weights an output is too wide for 32-bit accumulators");
  const double full = peak / ((1 << (bits - 1)) - 1),
               bounded = (sum * kInputs + std::fabs(f.bias[o]) / in_scale) / room;
  return std::max({full, bounded, 1e-30});
}

struct Ties {
  std::vector<int> parent;
  explicit Ties(size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0); }
  int root(int i) { return parent[i] == i ? i : parent[i] = root(parent[i]); }
  void tie(int a, int b) { parent[root(a)] = root(b); }
};

bool only_convolutions_read(const Steps& steps, int store) {
  for (const StepPort& port : steps.outputs)
    if (port.view.store == store) return false;
  for (const Step& s : steps.steps)
    if ((s.a.store == store || s.b.store == store) && s.op != NR_CONV) return false;
  return true;
}

Ties tie_stores(const Steps& steps) {
  Ties ties(steps.stores.size());
  for (const Step& s : steps.steps) {
    if (s.op != NR_ADD && s.op != NR_CONCAT && s.op != NR_LEAKY_RELU && s.op != NR_SNAKE) continue;
    ties.tie(s.a.store, s.y);
    if (s.op != NR_CONCAT || !only_convolutions_read(steps, s.y)) ties.tie(s.b.store, s.y);
  }
  return ties;
}

// The smallest step the output may have, so that the multiplier stays below 2^31.
double least_scale(const Steps& steps, const Step& s, const StoreScales& scale, int bits) {
  if (s.op == NR_MUL) return 2.001 * scale[s.a.store] * scale[s.b.store];
  if (s.op == NR_FRAME_FILTER) return 2.001 * scale[s.a.store] * scale[s.b.store] * kFilterUnit;
  if (s.op != NR_CONV) return 0;
  const Filter f = of_one_scale(steps, s, scale);
  double largest = 0;
  for (int o = 0; o < f.outputs; ++o) largest = std::max(largest, step_of(f, o, scale[s.a.store], bits));
  return 2.001 * scale[s.a.store] * largest;
}

}  // namespace

Filter of_one_scale(const Steps& steps, const Step& conv, const StoreScales& scale) {
  Filter f = conv.filter;
  for (const Step& s : steps.steps) {
    if (s.op != NR_CONCAT || s.y != conv.a.store) continue;
    const int first = std::max(0, steps.stores[s.y].channels - s.b_channels - conv.a.channel);
    const double ratio = scale[s.b.store] / scale[s.y];
    for (size_t i = 0; i < f.weight.size(); ++i)
      if (int(i % f.channels) >= first) f.weight[i] *= ratio;
  }
  return f;
}

WeightBits same_bits(const Steps& steps, int bits) {
  WeightBits out;
  for (const Step& s : steps.steps) out.push_back(s.filter.fixed ? 16 : bits);
  return out;
}

StoreScales choose_scales(const Steps& steps, const Peaks& peaks, const WeightBits& bits) {
  Ties ties = tie_stores(steps);
  const size_t count = steps.stores.size();
  std::vector<double> peak(count, 0), cap(count, 0);
  std::vector<double> headroom(count, kHeadroom);
  for (const Step& s : steps.steps)
    if (s.op == NR_FRAME_FILTER) headroom[ties.root(s.y)] = kFilteredHeadroom;
  for (size_t i = 0; i < count; ++i) peak[ties.root(int(i))] = std::max(peak[ties.root(int(i))], peaks[i]);
  std::vector<bool> open(count, false);  // read by something that is not flat outside its cap
  for (const Step& s : steps.steps)
    for (const int source : {s.a.store, s.b.store}) {
      const int r = ties.root(source);
      if (ties.root(s.y) == r) continue;
      if (saturation(s.op) > 0)
        cap[r] = std::max(cap[r], saturation(s.op));
      else
        open[r] = true;
    }
  for (const StepPort& port : steps.outputs) open[ties.root(port.view.store)] = true;
  std::vector<double> scale(count);
  for (size_t i = 0; i < count; ++i) {
    double top = peak[i] * headroom[i];
    if (!open[i] && cap[i] > 0) top = std::min(top, cap[i]);
    scale[i] = (top > 0 ? top : 1) / kLargest;
  }
  for (const Step& s : steps.steps) {
    const int r = ties.root(s.b.store);
    if (s.op == NR_CONCAT) scale[r] = std::max(scale[r], std::min(peak[r] / kAppendedSteps, scale[ties.root(s.y)]));
  }
  for (const StepPort& port : steps.inputs)
    if (port.name == "noise") scale[ties.root(port.view.store)] = kNoiseStep;
  for (const Step& s : steps.steps)
    if (s.op == NR_PULSES) scale[ties.root(s.y)] = kPulseStep;
  StoreScales out(count);
  for (int round = 0; round < 100; ++round) {
    bool changed = false, finite = true;
    for (size_t i = 0; i < count; ++i) out[i] = scale[ties.root(int(i))];
    for (size_t i = 0; i < steps.steps.size(); ++i) {
      const Step& s = steps.steps[i];
      const double least = least_scale(steps, s, out, bits[i]);
      if (scale[ties.root(s.y)] >= least) continue;
      scale[ties.root(s.y)] = least;
      changed = true, finite = finite && std::isfinite(least);
    }
    if (!changed) return out;
    if (!finite) break;
  }
  fail("no scales fit this network: they grow without bound around a residual connection");
}

IntegerFilter quantise(const Filter& f, double in_scale, double out_scale, int bits) {
  IntegerFilter q;
  const size_t size = size_t(f.taps) * f.channels;
  q.taps = f.taps * f.channels;
  for (int o = 0; o < f.outputs; ++o) {
    const double step = step_of(f, o, in_scale, bits);
    for (size_t i = o * size; i < (o + 1) * size; ++i) q.weight.push_back(int16_t(std::lround(f.weight[i] / step)));
    q.bias.push_back(int32_t(std::llround(f.bias[o] / (in_scale * step))));
    const int64_t m = std::llround(in_scale * step / out_scale * kMultiplierOne);
    if (m < 0 || m >= kLimit)
      fail("output ", o, " of a convolution needs a multiplier of ", m, "; 31 bits hold ", kLimit - 1);
    q.multiplier.push_back(int32_t(m));
    const int64_t bound = largest_accumulator(q, o);
    if (bound >= kLimit) fail("output ", o, " of a convolution can accumulate ", bound, "; 32 bits hold ", kLimit - 1);
  }
  return q;
}

int64_t largest_accumulator(const IntegerFilter& q, int o) {
  int64_t sum = 0;
  for (int i = o * q.taps; i < (o + 1) * q.taps; ++i) sum += std::abs(int64_t(q.weight[i]));
  return sum * kInputs + std::abs(int64_t(q.bias[o]));
}

std::vector<int16_t> make_table(Op op, double in_scale, double out_scale) {
  std::vector<int16_t> table;
  for (int i = 0; i <= 512; ++i) {
    const double x = (i * 128 - 32768) * in_scale, sigmoid = 1 / (1 + std::exp(-x));
    const double y = op == NR_TANH ? std::tanh(x) : op == NR_SIGMOID ? sigmoid : 2 * std::pow(sigmoid, 2.3) + 1e-7;
    table.push_back(int16_t(std::clamp(std::round(y / out_scale), -kLargest, kLargest)));
  }
  return table;
}

}  // namespace nr
