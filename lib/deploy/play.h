// Streams a lowered network on this machine: to calibrate it, to compare it with LibTorch, and for the test vector.
#pragma once
#include "deploy/lower.h"
#include "engine/engine.h"

namespace nr {

struct Signal {
  int channels = 0;
  std::vector<float> rows;  // [frames][channels]; empty for the input named "noise": the stream draws it
};

bool is_noise(const nr_port& port);
inline size_t block_of(const nr_port& port) { return size_t(port.channels) * port.frames; }  // elements a tick

class Playback {
 public:
  explicit Playback(const Lowered& lowered);
  int ticks(const std::vector<Signal>& inputs) const;  // whole ticks that all inputs hold
  // The outputs stay valid until the next tick.
  const std::vector<Signal>& tick(const std::vector<Signal>& inputs, int tick);
  const float* arena() const { return static_cast<const float*>(engine_.arena()); }

 private:
  const Lowered& lowered_;
  Engine engine_;
  std::vector<Signal> outputs_;
  std::vector<float*> out_;
  std::vector<const float*> in_;
};

// All outputs over all ticks.
std::vector<Signal> play(const Lowered& lowered, const std::vector<Signal>& inputs);

// An integer program in its own numbers, as a board runs it.
std::vector<int16_t> quantised(const Signal& signal, double scale);
std::vector<int16_t> play_integers(const Lowered& lowered,
                                   const std::vector<std::vector<int16_t>>& inputs);  // its first output

// The pitch that a program's pulses count by, of the one asked for: an integer program has it in its own numbers.
float counted_pitch(const Lowered& lowered, float pitch);

// The first output over all ticks, as a player hears it. An integer program is given its inputs in its own numbers.
struct Played {
  std::vector<float> output;   // physical
  std::vector<int16_t> exact;  // the same of an integer program, in its own numbers
};
Played play_as_shipped(const Lowered& lowered, const std::vector<Signal>& inputs);
uint32_t checksum(const std::vector<int16_t>& samples);  // FNV-1a of the little-endian bytes

// 10 log10 of signal to error energy; `heard` lags by `latency` samples.
double signal_to_error_db(const std::vector<float>& wanted, const std::vector<float>& heard, int latency);

}  // namespace nr
