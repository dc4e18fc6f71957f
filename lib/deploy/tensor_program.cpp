#include "deploy/tensor_program.h"

#include <cctype>

#include "base/error.h"
#include "deploy/tensor_builder.h"
#include "deploy/tensor_excitation.h"

namespace nr {
namespace {

constexpr double kLoudest = 1e3;  // of an input

std::vector<float> floats(const std::vector<double>& x) { return {x.begin(), x.end()}; }

struct TensorMaker {
  const Steps& steps;
  TensorBuilder to{};
  std::vector<Tensors> full{};  // by store: its history and this call's rows, [batch, channels, history + rows]
  Tensors count{};              // 0, 1, ... for every tick

  Tensors number(double x) { return to.number(x); }
  Tensors pointwise(TensorOp op, Tensors x) { return to.add(op, {x}); }

  // So many rows of the past before this call's.
  Tensors read(const View& view, int channels, int past = 0) {
    const Store& s = steps.stores[size_t(view.store)];
    Tensors x = full[size_t(view.store)];
    if (view.channel != 0 || channels != s.channels) x = slice(x, 1, view.channel, view.channel + channels);
    return slice(x, 2, s.history - view.delay - past, view.delay ? -view.delay : kToTheEnd);
  }

  static std::string named(const Store& store, size_t number) {
    std::string name = text(store.name, "_", number);
    for (char& c : name)
      if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return name;
  }

  // Rows before the signal's start are zero, however many calls they take.
  Tensors begun(const Store& s, Tensors rows) {
    if (s.late == 0) return rows;
    Tensors ticks{};
    for (const TensorState& state : to.program().states)
      if (state.name == "ticks") ticks = {&to, state.step};
    if (!ticks.to) {
      ticks = to.state("ticks", {1}, true);
      to.keep(ticks, slice(ticks + count, 1, -1) + 1);
    }
    const Tensors row = ticks * int64_t{s.rows} + to.add(TensorOp::kCount, {rows});
    return where(reshape(row, {0, 1, -1}) < int64_t{s.late}, number(0), rows);
  }

  void store(size_t i, Tensors rows) {
    const Store& s = steps.stores[i];
    if (s.first >= 0) rows = begun(s, rows);
    full[i] = rows;
    if (s.history <= 0) return;
    const Tensors past = to.state(named(s, i), {s.channels, s.history}, false);
    full[i] = concat(2, {past, rows});
    to.keep(past, slice(full[i], 2, -s.history));
  }

  Tensors convolve(const Step& s) {
    const Filter& f = s.filter;
    const Tensors x = read(s.a, f.channels, (f.taps - 1) * f.dilation - (f.stride - 1));
    std::vector<float> weight;  // [outputs][channels][taps]
    for (int o = 0; o < f.outputs; ++o)
      for (int c = 0; c < f.channels; ++c)
        for (int k = 0; k < f.taps; ++k)
          weight.push_back(float(f.weight[(size_t(o) * f.taps + k) * f.channels + c]));
    const Tensors y = to.add(TensorOp::kConvolve,
                             {x, to.constant({f.outputs, f.channels, f.taps}, std::move(weight)),
                              to.constant({f.outputs}, floats(f.bias))},
                             {f.stride, f.dilation});
    if (f.phases == 1) return y;
    const int channels = f.outputs / f.phases;  // row t, phase p: row t * phases + p
    return reshape(permute(reshape(y, {0, f.phases, channels, -1}), {0, 2, 3, 1}), {0, channels, -1});
  }

  // The tap at k of every frame's filter, times the input k rows ago.
  Tensors filter_frames(const Step& s) {
    const Filter& f = s.filter;
    const int channels = f.outputs, bins = f.channels, taps = f.taps, frame = f.stride;
    const Tensors amplitudes =
        permute(reshape(read(s.a, channels * bins), {0, channels, bins, -1}), {0, 1, 3, 2});
    const Tensors filters =
        to.add(TensorOp::kMatMul, {amplitudes, to.constant({bins, taps}, floats(f.weight))});  // [b, c, frames, taps]
    Tensors sum{};
    for (int k = 0; k < taps; ++k) {
      View ago = s.b;
      ago.delay += k;
      const Tensors part = reshape(read(ago, channels), {0, channels, -1, frame}) * slice(filters, 3, k, k + 1);
      sum = k ? sum + part : part;
    }
    return reshape(sum, {0, channels, -1});
  }

  Tensors snake(Tensors x, const Filter& f) {
    const int64_t channels = int64_t(f.weight.size());
    const Tensors sine = pointwise(TensorOp::kSine, x * to.constant({1, channels, 1}, floats(f.weight)));
    return x + sine * sine * to.constant({1, channels, 1}, floats(f.bias));
  }

  Tensors unit(Tensors x) {
    const Tensors energy = to.add(TensorOp::kSum, {x * x}, {1});
    const Tensors scaled = to.add(TensorOp::kDivide, {x, pointwise(TensorOp::kSquareRoot, energy)});
    return where(number(1e-30) < energy, scaled, number(0));
  }

  Tensors run(const Step& s) {
    const int channels = steps.stores[size_t(s.y)].channels;
    const auto a = [&] { return read(s.a, channels); };
    const auto b = [&] { return read(s.b, s.b_channels); };
    switch (s.op) {
      case NR_CONV:
        return convolve(s);
      case NR_LEAKY_RELU:
        return to.add(TensorOp::kLeakyRelu, {a()}, {}, s.slope);
      case NR_TANH:
        return pointwise(TensorOp::kTanh, a());
      case NR_SIGMOID:
        return pointwise(TensorOp::kSigmoid, a());
      case NR_MOD_SIGMOID:
        return to.add(TensorOp::kPower, {pointwise(TensorOp::kSigmoid, a()), number(2.3)}) * number(2) + number(1e-7);
      case NR_SNAKE:
        return snake(a(), s.filter);
      case NR_UNIT_NORM:
        return unit(a());
      case NR_ADD:
        return a() + b();
      case NR_MUL:
        return a() * b();
      case NR_CONCAT:
        return concat(1, {read(s.a, channels - s.b_channels), b()});
      case NR_FRAME_FILTER:
        return filter_frames(s);
      case NR_PULSES:
        return make_pulses(to, read(s.a, 1), read(s.b, 1), s.rate, s.filter.stride);
      case NR_INPUT:
      case NR_CONV_TRANSPOSE:
      case NR_BATCH_NORM:
      case NR_ADAIN:
      case NR_SLICE:
      case NR_DELAY:
        break;  // lowered away
    }
    fail("graph node '", s.name, "': has no form in tensors");
  }

  void input(const StepPort& port) {
    if (port.name == "noise") return;
    const Tensors x = to.input(port.name, port.channels, port.rows);
    if (!count.to) count = to.add(TensorOp::kCount, {reshape(x, {0, port.channels, -1, port.rows})});
    const Tensors sane = pointwise(TensorOp::kAbs, x) < number(kLoudest);
    store(size_t(port.view.store), where(sane, x, number(0)));
  }

  TensorProgram make() {
    full.resize(steps.stores.size());
    for (const StepPort& port : steps.inputs) input(port);
    if (!count.to) fail("a graph without an input cannot be written as tensors");
    for (const StepPort& port : steps.inputs)
      if (port.name == "noise") store(size_t(port.view.store), draw_noise(to, count, port.channels, port.rows));
    for (size_t i = 0; i < steps.steps.size();) {
      const int y = steps.steps[i].y;  // groups of a convolution follow one another
      std::vector<Tensors> parts;
      for (; i < steps.steps.size() && steps.steps[i].y == y; ++i) parts.push_back(run(steps.steps[i]));
      store(size_t(y), concat(1, parts));
    }
    for (const StepPort& port : steps.outputs)
      to.output(port.name, read(port.view, port.channels), port.channels, port.rows);
    to.program().hop = steps.hop, to.program().latency = steps.latency;
    return std::move(to.program());
  }
};

}  // namespace

TensorProgram make_tensor_program(const Steps& steps) { return TensorMaker{steps}.make(); }

}  // namespace nr
