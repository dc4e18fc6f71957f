// Delays, and what moves: chorus, phaser, reverberation.
#include <array>

#include "effects/oversampled.h"
#include "effects/parameters.h"

namespace nr {
namespace {

// The last samples of a signal, read between two of them.
class DelayLine {
 public:
  explicit DelayLine(double longest) : samples_(size_t(longest) + 3) {}
  void put(float x) {
    at_ = at_ + 1 == samples_.size() ? 0 : at_ + 1;
    samples_[at_] = x;
  }
  float back(double delay) const {  // 0: the newest
    const auto whole = size_t(delay);
    const auto part = float(delay - double(whole));
    const float a = sample(whole), b = sample(whole + 1);
    return a + part * (b - a);
  }

 private:
  float sample(size_t delay) const { return samples_[at_ >= delay ? at_ - delay : at_ + samples_.size() - delay]; }
  std::vector<float> samples_;
  size_t at_ = 0;
};

class Sine {
 public:
  Sine(double hertz, int rate) : step_(hertz / rate) {}
  double next() {
    const double value = std::sin(2 * M_PI * phase_);
    phase_ += step_;
    phase_ -= std::floor(phase_);
    return value;
  }

 private:
  double step_, phase_ = 0;
};

// A delay that a sine moves. Half dry, half wet with the chain's mix at 1/2.
class Chorus : public Effect {
 public:
  Chorus(const Settings& s, int rate)
      : centre_(s[2] / 1000 * rate), depth_(s[1]), feedback_(float(s[3])), sine_(s[0], rate), line_(2 * centre_ + 2) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      const float wet = line_.back(centre_ * (1 + depth_ * sine_.next()));
      line_.put(samples[i] + feedback_ * wet);
      samples[i] = wet;
    }
  }

 private:
  double centre_, depth_;
  float feedback_;
  Sine sine_;
  DelayLine line_;
};

class Delay : public Effect {
 public:
  Delay(const Settings& s, int rate) : samples_(std::max(1.0, s[0] * rate)), feedback_(float(s[1])), line_(samples_) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      const float wet = line_.back(samples_ - 1);
      line_.put(samples[i] + feedback_ * wet);
      samples[i] = wet;
    }
  }

 private:
  double samples_;
  float feedback_;
  DelayLine line_;
};

// Two places that wander through a delay of a window, half a window apart, each heard in the middle of its way: a tape
// with moving heads. The share heard of both together is 1.
class PitchShift : public Effect {
 public:
  PitchShift(const Settings& s, int rate)
      : window_(s[1] / 1000 * rate), step_((1 - std::exp2(s[0] / 12)) / window_), line_(window_ + 1) {}
  int latency() const override { return int(std::lround(window_ / 2)); }
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      line_.put(samples[i]);
      const double other = phase_ < 0.5 ? phase_ + 0.5 : phase_ - 0.5, heard = std::sin(M_PI * phase_);
      const auto share = float(heard * heard);
      samples[i] = share * line_.back(phase_ * window_) + (1 - share) * line_.back(other * window_);
      phase_ += step_;
      phase_ -= std::floor(phase_);
    }
  }

 private:
  double window_, step_, phase_ = 0;
  DelayLine line_;
};

// Six all-pass filters of first order, whose frequency a sine moves by up to two octaves each way.
class Phaser : public Effect {
 public:
  Phaser(const Settings& s, int rate)
      : rate_(rate), depth_(s[1]), centre_(s[2]), feedback_(s[3]), sine_(s[0], rate) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      const double hertz = centre_ * std::exp2(2 * depth_ * sine_.next());
      const double t = std::tan(M_PI * std::min(hertz / rate_, 0.45)), a = (t - 1) / (t + 1);
      double x = samples[i] + feedback_ * last_;
      for (double& stage : stages_) {
        const double y = a * x + stage;
        stage = x - a * y;
        x = y;
      }
      last_ = x;
      samples[i] = float(x);
    }
  }

 private:
  double rate_, depth_, centre_, feedback_, last_ = 0;
  std::array<double, 6> stages_{};
  Sine sine_;
};

// Freeverb (J. O. Smith, Physical Audio Signal Processing): eight combs with a low-pass filter in the loop, then four
// all-pass filters; delays in samples at 44.1 kHz.
class Reverb : public Effect {
 public:
  Reverb(const Settings& s, int rate) : keep_(float(0.7 + 0.28 * s[0])), damp_(float(0.4 * s[1])) {
    for (const int delay : {1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617}) combs_.emplace_back(scaled(delay, rate));
    for (const int delay : {556, 441, 341, 225}) passes_.emplace_back(scaled(delay, rate));
  }
  void process(float* samples, int count) override {
    constexpr float kGain = 0.12f;
    for (int i = 0; i < count; ++i) {
      const float x = kGain * samples[i];
      float y = 0;
      for (size_t c = 0; c < combs_.size(); ++c) {
        float& stored = combs_[c].now();
        y += stored;
        low_[c] = stored + damp_ * (low_[c] - stored);
        stored = x + keep_ * low_[c];
        combs_[c].step();
      }
      for (Loop& loop : passes_) {
        float& stored = loop.now();
        const float out = stored - y;
        stored = y + 0.5f * stored;
        y = out;
        loop.step();
      }
      samples[i] = y;
    }
  }

 private:
  struct Loop {
    explicit Loop(size_t samples) : samples(samples) {}
    float& now() { return samples[at]; }
    void step() { at = at + 1 == samples.size() ? 0 : at + 1; }
    std::vector<float> samples;
    size_t at = 0;
  };
  static size_t scaled(int delay, int rate) { return std::max<size_t>(1, size_t(std::lround(delay * rate / 44100.0))); }
  float keep_, damp_;
  std::array<float, 8> low_{};
  std::vector<Loop> combs_, passes_;
};

template <class Kind>
std::unique_ptr<Effect> made(const Settings& settings, int rate) {
  return std::make_unique<Kind>(settings, rate);
}

}  // namespace

std::vector<EffectKind> modulations() {
  const auto rate = [] { return logarithmic("rate", 0.1, 10, 1, "Hz"); };
  const auto feedback = [](double most) { return plain("feedback", 0, most, 0); };
  return {
      {"chorus", "modulation", "a moving delay; mix it with the dry sound",
       {rate(), plain("depth", 0, 1, 0.25), plain("centre", 1, 30, 7, "ms"), feedback(0.9)}, made<Chorus>},
      {"phaser", "modulation", "moving all-pass filters; mix it with the dry sound",
       {rate(), plain("depth", 0, 1, 0.5), logarithmic("centre", 100, 8000, 1300, "Hz"), feedback(0.9)}, made<Phaser>},
      {"pitch_shift", "modulation", "higher or lower",
       {plain("semitones", -12, 12, 0, "semitones"), plain("window", 20, 100, 50, "ms")}, made<PitchShift>},
      {"delay", "delay", "an echo", {logarithmic("seconds", 0.001, 2, 0.5, "s"), feedback(0.95)}, made<Delay>},
      {"reverb", "delay", "a room", {plain("room", 0, 1, 0.5), plain("damping", 0, 1, 0.5)}, made<Reverb>},
  };
}

}  // namespace nr
