#include "program/toy_program.h"

namespace nr {
namespace {
constexpr int kRows = 2, kChannels = 4, kTicks = 3;
}

nr_rows ToyProgram::place(int channels, int history) {
  const int at = program_.arena + history * channels;
  if (history) lines_.push_back({program_.arena, history * channels, kRows * channels});
  program_.arena = at + kRows * channels;
  return {at, channels};
}

nr_node& ToyProgram::add(nr_op op, nr_rows a, nr_rows b, int channels) {
  nr_node n{};
  n.op = uint8_t(op), n.rows = kRows, n.channels = channels, n.a = a, n.b = b, n.y = place(channels),
  n.b_channels = kChannels;
  n.late_at = n.y.at, n.slope = 0.2f, n.factor = 13107;
  return nodes_.emplace_back(n);
}

const void* ToyProgram::numbers(NumberTable table) {
  return std::visit([](const auto& t) { return static_cast<const void*>(t.data()); },
                    tables_.emplace_back(std::move(table)));
}
const float* ToyProgram::floats(int count, double size) {
  std::vector<float> out(count);
  for (float& x : out) x = float(random_.uniform(-size, size));
  return static_cast<const float*>(numbers(std::move(out)));
}
template <class T>
const T* ToyProgram::integers(int count, int largest) {
  std::vector<T> out(count);
  for (T& x : out) x = T(random_.uniform(-largest, largest));
  return static_cast<const T*>(numbers(std::move(out)));
}

// Three taps of four channels in one run.
void ToyProgram::convolve(nr_rows a, int channels, int weight_bits) {
  nr_node& n = add(NR_CONV, {a.at - 2 * a.pitch, a.pitch}, a, channels);
  n.weight_bits = uint8_t(weight_bits), n.runs = 1, n.run = 3 * a.pitch, n.run_step = a.pitch, n.row_step = a.pitch;
  const int padded = (channels + 3) / 4 * 4, count = padded * n.run;
  n.weights = weight_bits == 32  ? static_cast<const void*>(floats(count, 0.5))
              : weight_bits == 8 ? static_cast<const void*>(integers<int8_t>(count, 127))
                                 : integers<int16_t>(count, 1000);
  if (weight_bits == 32) {
    n.bias = floats(padded, 0.5);
  } else {
    n.bias = integers<int32_t>(padded, 1 << 20);
    n.multiplier = integers<int32_t>(padded, weight_bits == 8 ? 1 << 25 : 1 << 22);
  }
}

void ToyProgram::make_nodes(bool integer) {
  const nr_rows x = inputs_[0].rows, controls = inputs_[1].rows, noise = inputs_[2].rows;
  if (integer)
    convolve(x, kChannels, 8), convolve(x, 3, 16);
  else
    convolve(x, kChannels, 32), convolve(x, 3, 32);
  const nr_rows y = nodes_[0].y;
  const int16_t* table = integer ? integers<int16_t>(513, 32767) : nullptr;
  for (const nr_op op : {NR_LEAKY_RELU, NR_TANH, NR_SIGMOID, NR_MOD_SIGMOID}) add(op, y, y, kChannels);
  for (nr_node& n : nodes_)
    if (n.op == NR_TANH || n.op == NR_SIGMOID || n.op == NR_MOD_SIGMOID) n.table = table;
  add(NR_ADD, y, nodes_.back().y, kChannels);
  nr_node& gain = add(NR_MUL, nodes_.back().y, controls, kChannels);
  gain.b_channels = 1, gain.factor = 1 << 18;
  add(NR_MUL, y, nodes_.back().y, kChannels).factor = 1 << 18;
  add(NR_CONCAT, y, nodes_.back().y, 2 * kChannels);
  nr_node& snake = add(NR_SNAKE, y, y, kChannels);
  if (integer) {
    snake.multiplier = integers<int32_t>(kChannels, 1 << 30), snake.bias = integers<int32_t>(kChannels, 1 << 20);
    snake.table = table;
  } else {
    snake.weights = floats(kChannels, 4), snake.bias = floats(kChannels, 1);
  }
  const nr_rows snaked = snake.y;
  add(NR_UNIT_NORM, snaked, snaked, kChannels).factor = 65536;
  nr_node& filter = add(NR_FRAME_FILTER, nodes_[0].y, noise, 1);
  filter.runs = 4, filter.run = 3, filter.row_step = 2, filter.factor = 1 << 20;
  filter.weights = integer ? static_cast<const void*>(integers<int16_t>(12, 8000)) : floats(12, 0.3);
  filter.late = 1;
}

ToyProgram::ToyProgram(nr_precision precision) {
  nodes_.reserve(32);  // add() gives references
  const bool integer = precision != NR_FLOAT32;
  const float one = integer ? 1.0f / 32768 : 1.0f;
  inputs_.push_back({"x", kChannels, kRows, place(kChannels, 2), one});
  inputs_.push_back({"controls", 1, kRows, place(1), one});
  inputs_.push_back({"noise", 1, kRows, place(1, 2), one});
  make_nodes(integer);
  for (const nr_node& n : nodes_) outputs_.push_back({"y", n.channels, n.rows, n.y, one});
  program_.arena += 8;
  program_ = {77,
              precision,
              kRows,
              0,
              program_.arena,
              int(inputs_.size()),
              int(outputs_.size()),
              int(nodes_.size()),
              int(lines_.size()),
              inputs_.data(),
              outputs_.data(),
              nodes_.data(),
              lines_.data()};
  controls_.push_back({"centroid", "Hz", 200, 4000, 2});
  for (const int channels : {kChannels, 1}) {
    const int count = kTicks * kRows * channels;
    loop_.push_back(integer ? static_cast<const void*>(integers<int16_t>(count, 32767)) : floats(count, 1));
  }
  loop_.push_back(nullptr);
  model_ = {"toy",  &program_,
            16000,  1000,
            1,      controls_.data(),
            kTicks, loop_.data(),
            12345,  integer ? nullptr : floats(kTicks, 1)};
}

}  // namespace nr
