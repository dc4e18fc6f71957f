// Nodes of the integer engine in many shapes, and what they leave of the arena as one number each: the same on every
// machine.
#include "console.h"
#include "kernels.h"

namespace {

constexpr int kArena = 8192, kWeights = 2 * 1200 * 6, kMargin = 8;
alignas(8) int16_t arena[kArena];
alignas(8) int16_t wide[kWeights + kMargin];
alignas(8) int8_t narrow[kWeights + kMargin];
int32_t bias[16], multiplier[16];
uint32_t state = 1;

int draw(int low, int high) {  // both included
  state = state * 1664525u + 1013904223u;
  return low + int((state >> 8) % uint32_t(high - low + 1));
}

using nr::print_number;

void run(const char* name, const nr_node& n) {
  for (int16_t& x : arena) x = int16_t(draw(-32768, 32767));
  nr::run_node(n, arena);
  uint32_t hash = 2166136261u;
  for (const int16_t x : arena) hash = (hash ^ uint16_t(x)) * 16777619u;
  nr::print(name);
  const int facts[] = {n.weight_bits, int(n.rows), int(n.channels), int(n.runs), int(n.run)};
  for (const int fact : facts) nr::print(" "), print_number(uint32_t(fact));
  nr::print(": "), print_number(hash), nr::print("\n");
}

nr_node shaped(nr_op op, int rows, int channels) {
  nr_node n{};
  n.op = op, n.rows = rows, n.channels = channels;
  n.b_channels = channels;
  n.bias = bias, n.multiplier = multiplier;
  n.factor = draw(0, 65535);
  return n;
}

// `run`: a multiple of 4. Rows of the input overlap where the stride is shorter than the stretch.
void convolve(int bits, int rows, int channels, int runs, int run_length) {
  nr_node n = shaped(NR_CONV, rows, channels);
  n.weight_bits = uint8_t(bits);
  n.runs = runs, n.run = run_length, n.run_step = 4 * draw(1, 20);
  n.row_step = 4 * draw(1, 30);
  n.weights = bits == 8 ? static_cast<const void*>(narrow) : wide;
  n.a = {4 * draw(0, 5), n.row_step}, n.y = {6000 + 4 * draw(0, 9), (channels + 3) / 4 * 4};
  for (int32_t& b : bias) b = draw(-1000000, 1000000);
  for (int32_t& m : multiplier) m = draw(0, 2147483646);
  run("conv", n);
}

}  // namespace

int main() {
  for (int16_t& w : wide) w = int16_t(draw(-150, 150));
  for (int8_t& w : narrow) w = int8_t(draw(-128, 127));
  for (int bits = 8; bits <= 16; bits += 8) {
    for (int rows = 1; rows <= 12; ++rows)
      for (int channels = 1; channels <= 9; ++channels) {
        const int runs = draw(1, 4), run_length = 4 * draw(1, 12);
        convolve(bits, rows, channels, runs, run_length);
      }
    for (int run_length = 4; run_length <= 100; run_length += 4) convolve(bits, 5, 4, 1 + run_length / 40, run_length);
    convolve(bits, 7, 4, 1, 1024), convolve(bits, 7, 4, 1, 1028);
  }
  const nr_op ops[] = {NR_LEAKY_RELU, NR_ADD, NR_MUL};
  for (const nr_op op : ops)
    for (int rows = 1; rows <= 3; ++rows)
      for (int channels = 1; channels <= 19; channels += 3)
        for (int step = 0; step <= 1; ++step) {  // one gain for all channels, or as many
          nr_node n = shaped(op, rows, channels);
          if (op == NR_MUL) n.factor = draw(1 << 10, 1 << 17), n.b_channels = step ? channels : 1;
          n.a = {0, channels + 1}, n.b = {1000, channels + 2 * step}, n.y = {2001, channels + 1};
          run("op", n);
        }
  return 0;
}
