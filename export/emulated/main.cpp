// Streams an exported header: first its test vector, which must give its checksum; then its loop, while each control in
// turn sweeps from low to high, into a WAV. Where NR_INPUTS names a file, it streams that instead: one block a tick of
// every input but the noise, in order, int16 or float of a float program. Then it says what a tick costs. NR_HEADER,
// NR_WAV and NR_SECONDS come from the build. Exit status: 1 the checksum differs, 2 the WAV cannot be written, 3 a
// Cortex-M7 cannot be fast enough, 4 the inputs cannot be read.
#include NR_HEADER
#include "console.h"
#include "kernels.h"
#include "pcm.h"
#include "stream.h"

#ifndef NR_INPUTS
#define NR_INPUTS ""
#endif

namespace {

alignas(8) uint8_t arena[NR_ARENA_BYTES];
float inputs[NR_INPUT_ELEMENTS], outputs[NR_OUTPUT_ELEMENTS];
int16_t exact_inputs[NR_INPUT_ELEMENTS], exact_outputs[NR_OUTPUT_ELEMENTS];
const nr_model& model = NR_MODEL;
const nr_program& program = *model.program;

using nr::print_number;
void print_hundredths(uint64_t value) {
  print_number(value / 100);
  nr::print(value % 100 < 10 ? ".0" : ".");
  print_number(value % 100);
}

bool exact() { return program.precision != NR_FLOAT32; }
int block(const nr_port& port) { return port.channels * port.frames; }
// Elements of the loop in a tick. None for noise, which the stream draws itself.
int given(int input) { return model.loop[input] ? block(program.inputs[input]) : 0; }

bool same(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

// One tick of the loop into the buffers; T: of the loop.
template <class T>
void read_loop(int tick, T* to) {
  for (int i = 0; i < program.n_inputs; ++i) {
    const int count = given(i);
    const T* from = static_cast<const T*>(model.loop[i]) + tick * count;
    for (int j = 0; j < count; ++j) *to++ = from[j];
  }
}

template <class T>
void tick(nr::Stream& stream, const T* in, T* out) {
  const T* at[NR_N_INPUTS];
  for (int i = 0; i < program.n_inputs; in += given(i++)) at[i] = given(i) ? in : nullptr;
  T* to[] = {out};
  stream.tick(at, to);
}

// The test vector, bit for bit.
bool passes_exactly(nr::Stream& stream) {
  uint32_t hash = 2166136261u;
  for (int t = 0; t < model.n_loop; ++t) {
    read_loop(t, exact_inputs);
    tick(stream, exact_inputs, exact_outputs);
    for (int i = 0; i < block(program.outputs[0]); ++i) {
      hash = (hash ^ (exact_outputs[i] & 255)) * 16777619u;
      hash = (hash ^ ((exact_outputs[i] >> 8) & 255)) * 16777619u;
    }
  }
  nr::print("checksum ");
  print_number(hash);
  nr::print(hash == model.checksum ? " as expected\n" : " differs from the header's\n");
  return hash == model.checksum;
}

// The test vector of a float program, whose rounding depends on the machine.
bool passes_closely(nr::Stream& stream) {
  float worst = 0;
  const int count = block(program.outputs[0]);
  for (int t = 0; t < model.n_loop; ++t) {
    read_loop(t, inputs);
    tick(stream, inputs, outputs);
    const float error = outputs[(37 * t) % count] - model.probes[t];
    worst = error > worst ? error : -error > worst ? -error : worst;
  }
  nr::print("largest difference ");
  print_number(uint64_t(worst * 1e9f));
  nr::print(worst < 1e-4f ? "e-9, as expected\n" : "e-9, too much\n");
  return worst < 1e-4f;
}

void put(uint8_t*& at, uint32_t value, int bytes) {
  for (; bytes; --bytes, value >>= 8) *at++ = uint8_t(value);
}

bool write_header(int file, uint32_t samples, uint32_t rate) {
  uint8_t bytes[44], *at = bytes;
  const auto name = [&at](const char* four) {
    for (int i = 0; i < 4; ++i) *at++ = uint8_t(four[i]);
  };
  name("RIFF"), put(at, 36 + 2 * samples, 4), name("WAVE"), name("fmt "), put(at, 16, 4), put(at, 1, 2), put(at, 1, 2),
      put(at, rate, 4);
  put(at, 2 * rate, 4), put(at, 2, 2), put(at, 16, 2), name("data"), put(at, 2 * samples, 4);
  return nr::write(file, bytes, 44);
}

// The loop's own controls, but one at a time goes through its whole range.
void sweep_controls(int t, int ticks) {
  float* at = inputs;
  for (int i = 0; i < program.n_inputs; at += given(i++)) {
    const nr_port& port = program.inputs[i];
    const bool controls = same(port.name, "controls");
    for (int j = 0; exact() && j < given(i); ++j)
      at[j] = exact_inputs[at - inputs + j] * port.scale;
    if (!controls) continue;
    const int each = ticks / port.channels + 1, swept = t / each;
    for (int frame = 0; frame < port.frames; ++frame)
      at[frame * port.channels + swept] = 2.0f * (t % each) / (each - 1 ? each - 1 : 1) - 1.0f;
  }
}

// The loop's tick with a swept control into `inputs`.
void prepare_sweep(int t, int ticks) {
  if (exact())
    read_loop(t % model.n_loop, exact_inputs);
  else
    read_loop(t % model.n_loop, inputs);
  sweep_controls(t, ticks);
}

// Instructions a second against what a Cortex-M7 at 480 MHz can do. It starts at most two in a cycle, so what needs
// more than that cannot run in real time on any memory. Less than that may still be too slow: cycles are not counted
// here.
bool fast_enough(uint64_t instructions, int ticks) {
  constexpr uint64_t kCycles = 480000000, kMost = 2 * kCycles;
  const uint64_t second = instructions * model.sample_rate / (uint64_t(ticks) * program.hop);
  nr::print("million instructions a second of audio: "), print_hundredths(second / 10000);
  nr::print(", "), print_hundredths(second * 10000 / kCycles);
  nr::print(" % of the cycles of a Cortex-M7 at 480 MHz (instructions, not cycles)\n");
  if (second <= kMost) return true;
  nr::print(
      "too slow: a Cortex-M7 at 480 MHz starts at most 960 million instructions a second; try a smaller capacity or "
      "precision int8\n");
  return false;
}

// Blocks of a file.
class GivenInputs {
 public:
  // Whole ticks that it holds; < 0: it cannot be read, or holds none.
  int open(const char* path) {
    for (int i = 0; i < program.n_inputs; ++i) bytes_ += given(i) * (exact() ? 2 : 4);
    file_ = nr::open_for_reading(path);
    const int size = file_ < 0 ? -1 : nr::size_of(file_);
    return size <= 0 || !bytes_ || size % bytes_ ? -1 : size / bytes_;
  }
  bool next() { return nr::read(file_, exact() ? static_cast<void*>(exact_inputs) : inputs, bytes_); }

 private:
  int file_ = -1, bytes_ = 0;
};

// Exit status.
int play(nr::Stream& stream) {
  int ticks = int(NR_SECONDS * model.sample_rate / program.hop);
  ticks = ticks > 1 ? ticks : 1;
  GivenInputs blocks;
  const bool swept = !*NR_INPUTS;
  if (!swept && (ticks = blocks.open(NR_INPUTS)) < 0) {
    nr::print("the inputs cannot be read, or are no whole ticks\n");
    return 4;
  }
  const int samples = block(program.outputs[0]), file = nr::open_for_writing(NR_WAV);
  if (file < 0 || !write_header(file, uint32_t(ticks) * samples, model.sample_rate)) {
    nr::print("the WAV cannot be written\n");
    return 2;
  }
  uint64_t instructions = 0;
  uint32_t most = 0;
  for (int t = 0; t < ticks; ++t) {
    if (swept)
      prepare_sweep(t, ticks);
    else if (!blocks.next())
      return 4;
    const uint32_t start = nr::clock_ticks();
    if (swept || !exact())
      tick(stream, inputs, outputs);
    else
      tick(stream, exact_inputs, exact_outputs);
    const uint32_t cost = nr::instructions_of(nr::clock_ticks() - start);
    instructions += cost, most = cost > most ? cost : most;
    for (int i = 0; i < samples; ++i)
      exact_outputs[i] = nr::to_pcm(swept || !exact() ? outputs[i] : exact_outputs[i] * program.outputs[0].scale);
    if (!nr::write(file, exact_outputs, 2 * samples)) return 2;
  }
  nr::close(file);
  print_number(ticks), nr::print(" ticks of "), print_number(program.hop), nr::print(" samples, "),
      print_number(model.macs);
  nr::print(" MACs a tick\n");
  if (!instructions) return 0;
  const uint64_t mean = instructions / ticks;
  nr::print("instructions a tick: "), print_number(mean), nr::print(" (at most "), print_number(most),
      nr::print(")\ninstructions a MAC: ");
  print_hundredths(100 * mean / model.macs);
  nr::print("\n");
  return fast_enough(instructions, ticks) ? 0 : 3;
}

// What each step of a tick costs.
#ifdef NR_STEPS
template <class T>
void print_steps(T* at) {
  for (int i = 0; i < program.n_nodes; ++i) {
    const nr_node& n = program.nodes[i];
    const uint32_t start = nr::clock_ticks();
    nr::run_node(n, at);
    const uint32_t cost = nr::instructions_of(nr::clock_ticks() - start);
    const struct {
      const char* name;
      int value;
    } facts[] = {{"step op ", n.op},         {" bits ", n.weight_bits},    {" rows ", n.rows},
                 {" channels ", n.channels}, {" stretches ", n.runs},      {" of ", n.run},
                 {" row step ", n.row_step}, {" instructions ", int(cost)}};
    for (const auto& fact : facts) nr::print(fact.name), print_number(fact.value);
    nr::print("\n");
  }
}
#endif

}  // namespace

int main() {
  nr::Stream stream(program, arena);
  nr::print("model "), nr::print(model.name), nr::print("\n");
  if (!(exact() ? passes_exactly(stream) : passes_closely(stream))) return 1;
  stream.reset();
  const int status = play(stream);
#ifdef NR_STEPS
  exact() ? print_steps(reinterpret_cast<int16_t*>(arena)) : print_steps(reinterpret_cast<float*>(arena));
#endif
  return status;
}
