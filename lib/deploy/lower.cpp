#include "deploy/lower.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "deploy/pack.h"
#include "deploy/plan.h"

namespace nr {
namespace {

constexpr double kSlopeOne = 65536, kMultiplierOne = 4294967296.0;
constexpr double kPi = 3.14159265358979323846, kLargestSine = 32767,
                 kGainOne = 256 * 32768.0;  // of a snake: integer.cpp

struct Lowerer {
  Steps steps;
  Lowered out;
  StoreScales scales;  // empty: float
  WeightBits bits;     // empty: float
  const int16_t* sine = nullptr;  // shared by every snake

  template <class T>
  const T* keep(std::vector<T> table) {
    return std::get<std::vector<T>>(out.tables.emplace_back(std::move(table))).data();
  }
  nr_rows rows_of(const View& v) const {
    const Store& s = steps.stores[v.store];
    return {s.at - v.delay * s.pitch + v.channel, s.pitch};
  }

  void convolve(const Step& s, int weight_bits, nr_node& n) {
    const Filter scaled = scales.empty() ? Filter{} : of_one_scale(steps, s, scales);
    const Filter& f = scales.empty() ? s.filter : scaled;
    const int pitch = n.a.pitch, past = (f.taps - 1) * f.dilation - (f.stride - 1);
    const bool whole_rows =
        f.dilation == 1 && f.channels == steps.stores[s.a.store].channels;  // the taps are one stretch
    const Stretches st{whole_rows ? 1 : f.taps, whole_rows ? f.taps : 1, f.channels, pitch, scales.empty() ? 1 : 4};
    n.a.at -= past * pitch;
    n.row_step = f.stride * pitch, n.run_step = f.dilation * pitch;
    n.runs = st.runs, n.run = st.run();
    n.rows = steps.stores[s.y].rows / f.phases;
    const int y_pitch = steps.stores[s.y].pitch;
    const bool last = s.y_channel + f.outputs == steps.stores[s.y].channels && steps.stores[s.y].channels < y_pitch;
    const Filter padded = last ? pad_to_even(pad_phases(f, y_pitch)) : pad_phases(f, y_pitch);
    n.channels = padded.outputs, n.y.pitch = y_pitch * f.phases, n.y.at += s.y_channel;
    if (scales.empty()) {
      n.weight_bits = 32;
      n.weights = keep(pack_float(padded, st));
      n.bias = keep(padded_to_four(std::vector<float>(padded.bias.begin(), padded.bias.end())));
      return;
    }
    n.weight_bits = uint8_t(weight_bits);
    IntegerFilter q;
    try {
      q = quantise(padded, scales[s.a.store], scales[s.y], n.weight_bits);
    } catch (const Error& error) {
      fail("graph node '", s.name, "': ", error.what());
    }
    n.weights = n.weight_bits == 8
                    ? static_cast<const void*>(keep(pack_int8(q.weight, padded.outputs, padded.taps, st)))
                    : keep(pack_int16(q.weight, padded.outputs, padded.taps, st));
    n.bias = keep(padded_to_four(q.bias));
    n.multiplier = keep(padded_to_four(q.multiplier));
  }

  void snake(const Step& s, nr_node& n) {
    const double one = scales.empty() ? 1 : scales[s.a.store];
    std::vector<float> rate, size;
    std::vector<int32_t> step, gain;
    for (size_t i = 0; i < s.filter.weight.size(); ++i) {
      const double a = s.filter.weight[i], inverse = s.filter.bias[i];
      rate.push_back(float(a)), size.push_back(float(inverse));
      step.push_back(int32_t(uint32_t(std::llround(std::remainder(a * one / kPi, 1.0) * kMultiplierOne))));
      gain.push_back(
          int32_t(std::clamp(std::round(kGainOne / kLargestSine * inverse / one), -2147483647.0, 2147483647.0)));
    }
    if (scales.empty()) {
      n.weights = keep(std::move(rate)), n.bias = keep(std::move(size));
      return;
    }
    n.multiplier = keep(std::move(step)), n.bias = keep(std::move(gain));
    if (!sine) {
      std::vector<int16_t> period;
      for (int i = 0; i <= 512; ++i)
        period.push_back(int16_t(std::lround(kLargestSine * std::pow(std::sin(kPi * i / 512), 2))));
      sine = keep(std::move(period));
    }
    n.table = sine;
  }

  void shape_noise(const Step& s, nr_node& n) {
    const std::vector<double>& w = s.filter.weight;
    n.runs = s.filter.channels, n.run = s.filter.taps, n.row_step = s.filter.stride;
    if (scales.empty()) {
      n.weights = keep(std::vector<float>(w.begin(), w.end()));
      return;
    }
    std::vector<int16_t> responses;
    for (const double x : w) responses.push_back(int16_t(std::lround(x * 16384)));
    n.weights = keep(std::move(responses));
    n.factor = int32_t(
        std::llround(scales[s.a.store] * scales[s.b.store] * kFilterUnit / scales[s.y] * kMultiplierOne));
  }

  void pulse(const Step& s, nr_node& n) {
    n.row_step = s.filter.stride, n.factor = pitch_middle(s.rate);
    if (scales.empty()) return;
    std::vector<int32_t> to_controls;
    for (const View& view : {s.a, s.b})
      to_controls.push_back(int32_t(std::min(std::round(scales[view.store] * kMultiplierOne), 2147483647.0)));
    n.multiplier = keep(std::move(to_controls));
  }

  void add(const Step& s, int weight_bits) {
    const Store& y = steps.stores[s.y];
    nr_node n{};
    n.op = uint8_t(s.op);
    n.a = rows_of(s.a), n.b = rows_of(s.b), n.y = {y.at, y.pitch};
    n.rows = y.rows, n.channels = y.channels, n.b_channels = s.b_channels;
    n.slope = float(s.slope), n.factor = int32_t(std::lround(s.slope * kSlopeOne));
    if (s.op == NR_CONV) convolve(s, weight_bits, n);
    if (s.op == NR_SNAKE) snake(s, n);
    if (s.op == NR_FRAME_FILTER) shape_noise(s, n);
    if (s.op == NR_PULSES) pulse(s, n);
    const bool complete = s.y_channel + n.channels >= y.channels;  // the last of its groups
    n.late_at = y.at, n.late = complete ? y.late * y.pitch : 0;
    if (!scales.empty()) {
      if (s.op == NR_TANH || s.op == NR_SIGMOID || s.op == NR_MOD_SIGMOID)
        n.table = keep(make_table(s.op, scales[s.a.store], scales[s.y]));
      if (s.op == NR_UNIT_NORM) n.factor = int32_t(std::lround(1 / scales[s.y]));
      if (s.op == NR_MUL)
        n.factor = int32_t(std::llround(scales[s.a.store] * scales[s.b.store] / scales[s.y] * kMultiplierOne));
    }
    out.nodes.push_back(n);
    out.node_names.push_back(s.name);
  }

  std::vector<nr_port> ports(const std::vector<StepPort>& from) {
    std::vector<nr_port> to;
    for (const StepPort& p : from) {
      out.names.push_back(p.name);
      to.push_back({out.names.back().c_str(), p.channels, p.rows, rows_of(p.view),
                    scales.empty() ? 1.0f : float(scales[p.view.store])});
    }
    return to;
  }

  Lowered run(nr_precision precision, bool share) {
    const MemoryPlan memory = plan(steps, precision, share);
    for (size_t i = 0; i < steps.steps.size(); ++i) add(steps.steps[i], bits.empty() ? 32 : bits[i]);
    out.lines = memory.lines, out.inputs = ports(steps.inputs), out.outputs = ports(steps.outputs);
    for (const Store& s : steps.stores) out.stores.push_back({s.at, s.pitch});
    out.macs = steps.macs;
    out.program = {steps.graph_hash,
                   precision,
                   steps.hop,
                   steps.latency,
                   memory.arena,
                   int(out.inputs.size()),
                   int(out.outputs.size()),
                   int(out.nodes.size()),
                   int(out.lines.size()),
                   out.inputs.data(),
                   out.outputs.data(),
                   out.nodes.data(),
                   out.lines.data()};
    return std::move(out);
  }
};

}  // namespace

int64_t Lowered::number_bytes() const {
  int64_t bytes = 0;
  for (const NumberTable& table : tables)
    bytes += std::visit([](const auto& t) { return int64_t(t.size() * sizeof(t[0])); }, table);
  return bytes;
}

Lowered lower(Steps steps, bool share) { return Lowerer{std::move(steps), {}, {}, {}}.run(NR_FLOAT32, share); }

Lowered lower(Steps steps, const Peaks& peaks, nr_precision precision) {
  const WeightBits bits = same_bits(steps, precision == NR_INT8 ? 8 : 16);
  StoreScales scales = choose_scales(steps, peaks, bits);
  return Lowerer{std::move(steps), {}, std::move(scales), bits}.run(precision, true);
}

Lowered lower(Steps steps, const Peaks& peaks, const WeightBits& bits) {
  StoreScales scales = choose_scales(steps, peaks, bits);
  return Lowerer{std::move(steps), {}, std::move(scales), bits}.run(NR_INT8, true);
}

}  // namespace nr
