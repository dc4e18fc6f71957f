#include "program/use.h"

#include <algorithm>

#include "export/runtime/kernels.h"

namespace nr {
namespace {

constexpr int64_t kLookUp = 513;  // points of a function's table, and of a period of sin^2

int64_t rounded_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

struct Collector {
  const nr_node& n;
  bool integer;
  NodeUse out;

  // `width` elements from `at` on in each of `count` rows, `step` apart.
  void reads(int64_t at, int64_t step, int64_t count, int64_t width) {
    if (count > 0 && width > 0) out.reads.push_back({at, at + (count - 1) * step + width});
  }
  void reads(const nr_rows& r, int64_t width) { reads(r.at, r.pitch, n.rows, width); }
  void writes(int64_t width) { out.writes.push_back({n.y.at, n.y.at + int64_t(n.rows - 1) * n.y.pitch + width}); }

  void read(const char* name, const void* data, NumberType type, int64_t count) {
    out.tables.push_back({name, data, type, count});
  }

  // each_stretch() of kernels.h: rows in one piece, with their padding, where all pitches agree.
  void stretches(bool two_inputs) {
    const bool same = n.a.pitch == n.y.pitch && n.b.pitch == n.y.pitch;
    const int64_t width = same ? n.y.pitch : n.channels;
    reads(n.a, width), writes(width);
    if (two_inputs) reads(n.b, width);
  }

  void conv() {
    const int64_t reach = int64_t(n.runs - 1) * n.run_step + n.run, inputs = int64_t(n.runs) * n.run;
    reads(n.a.at, n.row_step, n.rows, n.runs > 0 && n.run > 0 ? reach : 0);
    writes(n.channels);
    const int64_t outputs = rounded_up(n.channels, integer ? 2 : 4);
    const NumberType weight = !integer             ? NumberType::kFloat32
                              : n.weight_bits == 8 ? NumberType::kInt8
                                                   : NumberType::kInt16;
    read("weights", n.weights, weight, outputs * inputs);
    read("bias", n.bias, integer ? NumberType::kInt32 : NumberType::kFloat32, outputs);
    if (integer) read("multiplier", n.multiplier, NumberType::kInt32, outputs);
  }

  void snake() {
    reads(n.a, n.channels), writes(n.channels);
    if (!integer) read("weights", n.weights, NumberType::kFloat32, n.channels);
    read("bias", n.bias, integer ? NumberType::kInt32 : NumberType::kFloat32, n.channels);
    if (!integer) return;
    read("multiplier", n.multiplier, NumberType::kInt32, n.channels);
    read("table", n.table, NumberType::kInt16, kLookUp);
  }

  void frame_filter() {
    reads(n.a.at, n.a.pitch, n.rows / n.row_step, int64_t(n.channels) * n.runs);
    reads(n.b.at - int64_t(n.run - 1) * n.b.pitch, n.b.pitch, int64_t(n.rows) + n.run - 1, n.channels);
    writes(n.channels);
    read("weights", n.weights, integer ? NumberType::kInt16 : NumberType::kFloat32, int64_t(n.runs) * n.run);
  }

  void pulses() {
    const int64_t frames = n.rows / n.row_step;
    reads(n.a.at, n.a.pitch, frames, 1), reads(n.b.at, n.b.pitch, frames, 1), writes(1);
    if (integer) read("multiplier", n.multiplier, NumberType::kInt32, 2);
  }

  void late() {
    const int64_t block = int64_t(n.rows) * n.y.pitch;
    if (n.late > 0) out.writes.push_back({n.late_at, n.late_at + std::min<int64_t>(n.late, block)});
  }
};

}  // namespace

NodeUse use_of(const nr_program& program, const nr_node& n) {
  Collector c{n, program.precision != NR_FLOAT32, {}};
  switch (static_cast<nr_op>(n.op)) {
    case NR_CONV:
      c.conv();
      break;
    case NR_TANH:
    case NR_SIGMOID:
    case NR_MOD_SIGMOID:
      c.stretches(false);
      if (c.integer) c.read("table", n.table, NumberType::kInt16, kLookUp);
      break;
    case NR_LEAKY_RELU:
      c.stretches(false);
      break;
    case NR_ADD:
      c.stretches(true);
      break;
    case NR_MUL:
      c.reads(n.a, n.channels), c.reads(n.b, n.b_channels == 1 ? 1 : n.channels), c.writes(n.channels);
      break;
    case NR_CONCAT:
      c.reads(n.a, n.channels - n.b_channels), c.reads(n.b, n.b_channels), c.writes(n.channels);
      break;
    case NR_UNIT_NORM:
      c.reads(n.a, n.channels), c.writes(n.channels);
      break;
    case NR_SNAKE:
      c.snake();
      break;
    case NR_FRAME_FILTER:
      c.frame_filter();
      break;
    case NR_PULSES:
      c.pulses();
      break;
    case NR_INPUT:
    case NR_CONV_TRANSPOSE:
    case NR_BATCH_NORM:
    case NR_ADAIN:
    case NR_SLICE:
    case NR_DELAY:
      return {};  // lowered away
  }
  c.late();
  return std::move(c.out);
}

}  // namespace nr
