#include "player.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "played_controls.h"
#include "resampler.h"
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace nr {
namespace {

// Numbers near zero that cost a hundred times a product's time are zero while this lives.
class FlushToZero {
 public:
#if defined(__SSE__)
  FlushToZero() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushToZero() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#endif
};

size_t block_of(const nr_port& port) { return size_t(port.channels) * size_t(port.frames); }

// A gate that nothing opens: an instrument with a pitch is silent until it gets a note.
Wiring wiring_of(const nr_model& model, bool hears) {
  Wiring wiring;
  wiring.gate = !hears && control_named(model, "pitch") >= 0;
  return wiring;
}

Parameter parameter_of(const nr_control& control) {
  const bool decibels = control.warp == 1, octaves = control.warp == 2;
  const float low = decibels ? warped(control, control.low) : control.low,
              high = decibels ? warped(control, control.high) : control.high;
  return {control.name, decibels ? "dB" : control.unit, low,
          high,         octaves ? std::sqrt(low * high) : (low + high) / 2, octaves};
}

// Controls in the order of their knobs; an instrument's level is its notes' velocity.
std::vector<int> turned(const nr_model& model, const PlayedControls& controls, bool hears) {
  std::vector<int> out;
  for (int knob = 0; knob < controls.knobs(); ++knob) {
    const bool level = !std::strcmp(model.controls[controls.control_of(knob)].name, "rms");
    if (!(level && controls.has_pitch() && !hears)) out.push_back(knob);
  }
  return out;
}

}  // namespace

struct Player::State {
  State(const nr_model& m, double rate, MakeTicks make)
      : model(m),
        program(*m.program),
        hears(Player::hears(m)),
        controls(m, wiring_of(m, hears), hears, float(program.hop) / float(m.sample_rate)),
        knobs(turned(m, controls, hears)),
        follower(m.sample_rate),
        in(rate, m.sample_rate, 8),
        out(m.sample_rate, rate, 3 * program.hop + 256),
        host_rate(rate),
        stream(make(program)) {
    for (int i = 0; i < program.n_inputs; ++i) {
      const nr_port& port = program.inputs[i];
      const bool given = model.loop[i] || !std::strcmp(port.name, "audio");
      blocks.emplace_back(given ? block_of(port) : 0);
      from.push_back(given ? blocks.back().data() : nullptr);
    }
    for (int i = 0; i < program.n_outputs; ++i) {
      made.emplace_back(block_of(program.outputs[i]));
      to.push_back(made.back().data());
    }
    heard.resize(size_t(program.hop)), values.resize(size_t(std::max(1, model.n_controls)));
    shares.assign(PlayedControls::kInputs, 0.5f);
    const std::vector<Parameter> all = Player::parameters(model);
    for (size_t i = 0; i < all.size(); ++i) set(int(i), all[i].initial);
    prime();
  }

  // What is read before the first tick is silence: a tick's length, and what both resamplers look ahead.
  int primed() const {
    const int tick = program.hop - 1;
    return in.ahead() || out.ahead() ? tick + in_ahead() + out.ahead() + 3 : tick;
  }
  int in_ahead() const { return hears ? int(std::ceil(in.ahead() * model.sample_rate / host_rate)) : 0; }
  void prime() {
    for (int i = 0; i < primed(); ++i) out.write(0);
  }

  void set(int parameter, float value) {
    if (!(std::fabs(value) < 1e9f)) return;
    if (parameter == int(knobs.size()) && controls.follows()) transpose = std::clamp(value, -24.f, 24.f) / 12;
    if (parameter < 0 || parameter >= int(knobs.size())) return;
    const int knob = knobs[size_t(parameter)];
    const nr_control& control = model.controls[controls.control_of(knob)];
    const float unit = control.warp == 1 ? value : warped(control, value);
    shares[size_t(knob)] = std::clamp((control_at(control, unit) + 1) / 2, 0.f, 1.f);
  }

  // The next block of the test loop: an exported decoder's latents.
  void read_loop(int input) {
    const nr_port& port = program.inputs[input];
    std::vector<float>& block = blocks[size_t(input)];
    for (size_t i = 0; i < block.size(); ++i) {
      const size_t at = size_t(ticks % model.n_loop) * block.size() + i;
      block[i] = program.precision == NR_FLOAT32 ? static_cast<const float*>(model.loop[input])[at]
                                                 : static_cast<const int16_t*>(model.loop[input])[at] * port.scale;
    }
  }

  void tick() {
    Readings read;
    read.knobs = shares.data(), read.volts = transpose;
    if (controls.follows()) read.heard = follower.hear(heard.data(), int(heard.size()));
    controls.tick(read, voice, values.data());
    for (int i = 0; i < program.n_inputs; ++i) {
      std::vector<float>& block = blocks[size_t(i)];
      if (block.empty()) continue;
      if (!std::strcmp(program.inputs[i].name, "audio")) {
        std::copy(heard.begin(), heard.end(), block.begin());
      } else if (!std::strcmp(program.inputs[i].name, "controls")) {
        for (size_t j = 0; j < block.size(); ++j) block[j] = values[j % size_t(model.n_controls)];
      } else {
        read_loop(i);
      }
    }
    stream->tick(from.data(), to.data());
    ++ticks;
    bool sound = true;
    for (const float x : made[0]) sound = sound && std::fabs(x) < 1e6f;
    if (!sound) stream->reset();
    for (const float x : made[0]) out.write(sound ? x : 0);
  }

  void hear(float x) {
    heard[size_t(filled++)] = x;
    if (filled < program.hop) return;
    tick();
    filled = 0;
  }

  float next(float x) {
    if (hears) {
      in.write(std::fabs(x) < 1e3f ? x : 0);
      for (float y; in.read(y);) hear(y);
    } else {
      for (clock += model.sample_rate / host_rate; clock >= 1; clock -= 1) hear(0);
    }
    float y = 0;
    out.read(y);
    return y;
  }

  const nr_model& model;
  const nr_program& program;
  bool hears;
  PlayedControls controls;
  std::vector<int> knobs;  // of the parameters
  PitchFollower follower;
  SincResampler in, out;
  double host_rate, clock = 0;
  std::unique_ptr<Ticks> stream;
  MidiVoice voice;
  std::vector<std::vector<float>> blocks, made;
  std::vector<const float*> from;
  std::vector<float*> to;
  std::vector<float> heard, values, shares;
  float transpose = 0;  // octaves
  int filled = 0;
  int64_t ticks = 0;
};

Player::Player(const nr_model& model, double host_rate, MakeTicks make) : state_(new State(model, host_rate, make)) {}
Player::~Player() = default;

bool Player::hears(const nr_model& model) {
  for (int i = 0; i < model.program->n_inputs; ++i)
    if (!std::strcmp(model.program->inputs[i].name, "audio")) return true;
  return false;
}

std::vector<Parameter> Player::parameters(const nr_model& model) {
  const bool hears = Player::hears(model);
  const PlayedControls controls(model, wiring_of(model, hears), hears, 1);
  std::vector<Parameter> out;
  for (const int knob : turned(model, controls, hears))
    out.push_back(parameter_of(model.controls[controls.control_of(knob)]));
  // Sounds are periodic unless they are asked not to be.
  for (Parameter& p : out)
    if (p.name == "periodicity") p.initial = p.high;
  if (controls.follows()) out.push_back({"transpose", "semitones", -24, 24, 0, false});
  return out;
}

void Player::set(int parameter, float value) { state_->set(parameter, value); }
MidiVoice& Player::voice() { return state_->voice; }
int Player::latency() const {
  const State& s = *state_;
  return int(std::lround((s.primed() + s.program.latency) * s.host_rate / s.model.sample_rate));
}
void Player::process(const float* in, float* out, int count) {
  const FlushToZero flush;
  for (int i = 0; i < count; ++i) out[i] = state_->next(in ? in[i] : 0);
}

void Player::reset() {
  State& s = *state_;
  s.stream->reset(), s.in.reset(), s.out.reset(), s.controls.reset();
  s.follower = PitchFollower(s.model.sample_rate), s.voice = {}, s.filled = 0, s.ticks = 0, s.clock = 0;
  s.prime();
}

}  // namespace nr
