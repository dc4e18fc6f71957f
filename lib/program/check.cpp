#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "export/runtime/kernels.h"
#include "program/use.h"

namespace nr {
namespace {

constexpr int64_t kMostInputs = 1 << 26;                         // of one output of a convolution
constexpr int32_t kMostPorts = 64, kMostFactor = (1 << 26) - 1;  // the factor: of a unit norm, integer.cpp

struct Checker {
  const nr_program& p;
  std::string where;
  const TableLength& length;

  void number(const std::string& what, int64_t value, int64_t least, int64_t most) const {
    if (value < least || value > most) fail(where, ": ", what, " is ", value, ", expected ", least, " to ", most);
  }
  void in_arena(const std::string& what, int64_t from, int64_t to) const {
    if (from < 0 || to > p.arena)
      fail(where, ": ", what, " reaches elements ", from, " to ", to, " of an arena of ", p.arena);
  }
  void rows(const std::string& what, const nr_rows& r) const {
    number(what + "'s place", r.at, 0, p.arena), number(what + "'s pitch", r.pitch, 1, p.arena);
  }

  void port(const std::string& what, const nr_port& port) const {
    number(what + "'s channels", port.channels, 1, kMostCount), number(what + "'s frames", port.frames, 1, kMostCount);
    rows(what, port.rows);
    number(what + "'s channels", port.channels, 1, port.rows.pitch);
    in_arena(what, port.rows.at, port.rows.at + int64_t(port.frames - 1) * port.rows.pitch + port.channels);
    if (!std::isnormal(port.scale) || port.scale < 0)
      fail(where, ": ", what, "'s scale is ", port.scale, ", expected more than 0");
  }

  void convolution(const std::string& what, const nr_node& n) const {
    const bool integer = p.precision != NR_FLOAT32;
    number(what + "'s runs", n.runs, 1, kMostCount), number(what + "'s run", n.run, 1, kMostCount);
    number(what + "'s inputs", int64_t(n.runs) * n.run, 1, kMostInputs);
    number(what + "'s run step", n.run_step, 0, p.arena), number(what + "'s row step", n.row_step, 0, p.arena);
    if (integer && n.weight_bits != 8 && n.weight_bits != 16)
      fail(where, ": ", what, " has weights of ", int(n.weight_bits), " bits, expected 8 or 16");
    if (integer && n.run % 4) fail(where, ": ", what, "'s run is ", n.run, ", expected a multiple of 4");
  }

  // What makes `row_step` rows of one.
  void frames(const std::string& what, const nr_node& n) const {
    number(what + "'s rows a frame", n.row_step, 1, n.rows);
    if (n.rows % n.row_step) fail(where, ": ", what, " has ", n.rows, " rows, expected a multiple of ", n.row_step);
  }

  void filter(const std::string& what, const nr_node& n) const {
    number(what + "'s runs", n.runs, 1, kMostCount), number(what + "'s taps", n.run, 1, kMostTaps);
    frames(what, n);
  }

  void pulses(const std::string& what, const nr_node& n) const {
    frames(what, n);
    number(what + "'s channels", n.channels, 1, 1);
    number(what + "'s middle", n.factor, -(1 << 26), 1 << 26);
  }

  // Times amplitudes of 16 bits: below 2^31.
  void filter_weights(const std::string& what, const nr_node& n) const {
    for (int tap = 0; tap < n.run; ++tap) {
      int64_t sum = 0;
      for (int i = 0; i < n.runs; ++i)
        sum += std::abs(int(static_cast<const int16_t*>(n.weights)[int64_t(i) * n.run + tap]));
      number(what + "'s sum of weights", sum, 0, 65535);
    }
    for (int i = 0; i < n.runs; ++i) {  // times inputs of 16 bits: below 2^31
      int64_t sum = 0;
      for (int tap = 0; tap < n.run; ++tap)
        sum += std::abs(int(static_cast<const int16_t*>(n.weights)[int64_t(i) * n.run + tap]));
      number(what + "'s sum of a bin's weights", sum, 0, 65535);
    }
  }

  // Integers: output o's weight of input i, in the order of integer_conv.cpp.
  static int weight(const nr_node& n, int64_t o, int64_t i) {
    const int64_t pair = o / 2 * 2 * n.runs * n.run;
    if (n.weight_bits == 16) return static_cast<const int16_t*>(n.weights)[pair + i / 2 * 4 + o % 2 * 2 + i % 2];
    constexpr int kPlace[] = {0, 2, 1, 3};
    return static_cast<const int8_t*>(n.weights)[pair + i / 4 * 8 + o % 2 * 4 + kPlace[i % 4]];
  }

  // A run is a multiple of four, so that a convolution may read others' elements behind its last row, times zero.
  bool counts_nothing(const nr_node& n, const Stretch& read, const Stretch& written) const {
    if (n.op != NR_CONV || p.precision == NR_FLOAT32 || written.from <= read.from) return false;
    const int64_t reach = int64_t(n.runs - 1) * n.run_step + n.run, first = reach - (read.to - written.from);
    for (int64_t i = 0; i < int64_t(n.runs) * n.run; ++i)
      for (int64_t o = 0; i / n.run * n.run_step + i % n.run >= first && o < n.channels; ++o)
        if (weight(n, o, i) != 0) return false;
    return true;
  }

  void apart(const std::string& what, const nr_node& n, const NodeUse& use) const {
    for (const Stretch& w : use.writes)
      for (const Stretch& r : use.reads)
        if (r.from < w.to && w.from < r.to && !counts_nothing(n, r, w))
          fail(where, ": ", what, " writes over what it reads");
  }

  void node(int i) const {
    const nr_node& n = p.nodes[i];
    const std::string what = text("node ", i);
    number(what + "'s rows", n.rows, 1, kMostCount), number(what + "'s channels", n.channels, 1, kMostCount);
    for (const nr_rows* r : {&n.a, &n.b, &n.y})
      number(what + "'s place", r->at, 0, p.arena), number(what + "'s pitch", r->pitch, 1, p.arena);
    number(what + "'s channels", n.channels, 1, n.y.pitch);  // else its rows lie over one another
    number(what + "'s late elements", n.late, 0, kMostArena), number(what + "'s late place", n.late_at, 0, p.arena);
    if (n.op == NR_CONV) convolution(what, n);
    if (n.op == NR_CONCAT) number(what + "'s second channels", n.b_channels, 0, n.channels);
    if (n.op == NR_UNIT_NORM && p.precision != NR_FLOAT32) number(what + "'s factor", n.factor, 1, kMostFactor);
    if (n.op == NR_FRAME_FILTER) filter(what, n);
    if (n.op == NR_PULSES) pulses(what, n);
    const NodeUse use = use_of(p, n);
    if (use.writes.empty()) fail(where, ": ", what, " has operation ", int(n.op), ", which no stream runs");
    for (const auto* stretches : {&use.reads, &use.writes})
      for (const Stretch& s : *stretches) in_arena(what, s.from, s.to);
    for (const TableUse& t : use.tables)
      if (const int64_t there = length(t); there < t.count)
        fail(where, ": ", what, "'s ", t.name, " has ", there, " numbers of its type, expected ", t.count);
    apart(what, n, use);
    if (n.op == NR_FRAME_FILTER && p.precision != NR_FLOAT32) filter_weights(what, n);
  }

  // A stream counts ticks until no node is late any more, and multiplies the count with each node's block.
  void lateness() const {
    int64_t ticks = 0, largest = 0;
    for (int i = 0; i < p.n_nodes; ++i) {
      const int64_t block = int64_t(p.nodes[i].rows) * p.nodes[i].y.pitch;
      ticks = std::max(ticks, p.nodes[i].late / block + 1), largest = std::max(largest, block);
    }
    number("what is late", ticks * largest, 0, INT32_MAX);
  }
};

}  // namespace

void check_program(const nr_program& p, const std::string& where, const TableLength& length) {
  const Checker check{p, where, length};
  check.number("precision", p.precision, NR_FLOAT32, NR_INT8);
  check.number("hop", p.hop, 1, kMostCount), check.number("latency", p.latency, 0, kMostArena);
  check.number("arena", p.arena, 1, kMostArena);
  check.number("number of inputs", p.n_inputs, 1, kMostPorts),
      check.number("number of outputs", p.n_outputs, 1, kMostPorts);
  for (int i = 0; i < p.n_inputs; ++i) check.port(text("input ", i), p.inputs[i]);
  for (int i = 0; i < p.n_outputs; ++i) check.port(text("output ", i), p.outputs[i]);
  for (int i = 0; i < p.n_nodes; ++i) check.node(i);
  check.lateness();
  for (int i = 0; i < p.n_lines; ++i) {
    const nr_line& l = p.lines[i];
    check.number(text("line ", i, "'s history"), l.keep, 0, p.arena),
        check.number(text("line ", i, "'s step"), l.step, 0, p.arena);
    check.in_arena(text("line ", i), l.at, int64_t(l.at) + l.step + l.keep);
  }
}

}  // namespace nr
