// Distortions that remember: of the last samples, of a level, or of a rate of their own.
#include "base/random.h"
#include "dsp/saturation.h"
#include "effects/bent.h"
#include "effects/biquad.h"
#include "effects/level.h"
#include "effects/oversampled.h"
#include "effects/parameters.h"

namespace nr {
namespace {

// As sox's `overdrive`: x - x^3 / 3 of the sample and an offset, its constant part taken away, beside half of the dry
// sound. sox works at the signal's rate; this one is oversampled.
class SoxOverdrive : public Effect {
 public:
  SoxOverdrive(const Settings& s, int) : shape_{bent, bent_integral, gain_of(s[0]), s[1] / 200} {}

  void process(float* samples, int count) override {
    constexpr int kBlock = 512;
    fast_.resize(size_t(kBlock) * Oversampler::kFactor), wet_.resize(kBlock);
    for (int begin = 0; begin < count; begin += kBlock) {
      const int size = std::min(kBlock, count - begin);
      float* const block = samples + begin;
      oversampler_.up(block, size, fast_.data());
      shape_(fast_.data(), size * Oversampler::kFactor);
      oversampler_.down(fast_.data(), size, wet_.data());
      for (int i = 0; i < size; ++i) {
        last_ = wet_[size_t(i)] - before_ + 0.995f * last_;
        before_ = wet_[size_t(i)];
        const float dry = delayed_[at_];
        delayed_[at_] = block[i], at_ = (at_ + 1) % Oversampler::kLatency;
        block[i] = 0.5f * dry + 0.75f * last_;
      }
    }
  }
  int latency() const override { return Oversampler::kLatency; }

 private:
  Integrated<double (*)(double), double (*)(double)> shape_;
  float last_ = 0, before_ = 0, delayed_[Oversampler::kLatency] = {};
  int at_ = 0;
  Oversampler oversampler_;
  std::vector<float> fast_, wet_;
};

// Rounds to levels 2^(1 - bits) apart; dither: white noise of up to so many halves of a level before it.
class BitCrush : public Effect {
 public:
  BitCrush(const Settings& s, int) : step_(std::exp2(1 - s[0])), dither_(s[1]), draw_(1) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i)
      samples[i] = float(std::nearbyint(samples[i] / step_ + dither_ * draw_.uniform(-0.5, 0.5)) * step_);
  }

 private:
  double step_, dither_;
  Random draw_;
};

// Samples at a lower rate, held until the next or joined by lines. No filter: aliases are the effect.
class Decimate : public Effect {
 public:
  Decimate(const Settings& s, int rate) : step_(std::min(1.0, s[0] / rate)), phase_(1 - step_), lines_(s[1] > 0.5) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      phase_ += step_;
      if (phase_ >= 1) {
        phase_ -= 1;
        before_ = now_, now_ = samples[i];
      }
      samples[i] = lines_ ? before_ + (now_ - before_) * float(phase_) : now_;
    }
  }

 private:
  double step_, phase_;
  bool lines_;
  float before_ = 0, now_ = 0;
};

// Treble raised, saturation with a memory of its last output, treble lowered again. A sketch of a tape, no model of its
// magnetics.
struct Tape {
  float gain, memory;
  Biquad raise, lower;
  float last = 0;

  void operator()(float* samples, int count) {
    for (int i = 0; i < count; ++i) {
      last = std::tanh(gain * float(raise.of(samples[i])) + memory * last);
      samples[i] = float(lower.of(last));
    }
  }
};

std::unique_ptr<Effect> tape(const Settings& s, int rate) {
  const double fast = double(rate) * Oversampler::kFactor;
  constexpr double kTreble = 3000, kQ = 0.7071;
  return oversampled(Tape{float(gain_of(s[0])), float(s[2]),
                          {Biquad::Kind::kHighShelf, kTreble, kQ, s[1], fast},
                          {Biquad::Kind::kHighShelf, kTreble, kQ, -s[1], fast}}, rate);
}

// Three bands that add up to the sound, a tanh for each.
struct Multiband {
  Smooth shapes[3];
  Biquad low, middle;
  std::vector<float> bands[3] = {};

  void operator()(float* samples, int count) {
    for (auto& band : bands) band.resize(size_t(count));
    for (int i = 0; i < count; ++i) {
      const double bass = low.of(samples[i]), rest = samples[i] - bass, mid = middle.of(rest);
      bands[0][size_t(i)] = float(bass);
      bands[1][size_t(i)] = float(mid);
      bands[2][size_t(i)] = float(rest - mid);
    }
    std::fill_n(samples, count, 0.f);
    for (int b = 0; b < 3; ++b) {
      shapes[b](bands[b].data(), count);
      for (int i = 0; i < count; ++i) samples[i] += bands[b][size_t(i)];
    }
  }
};

std::unique_ptr<Effect> multiband(const Settings& s, int rate) {
  const double fast = double(rate) * Oversampler::kFactor;
  const auto shape = [&](size_t band) { return Smooth{tanh_of_all, float(gain_of(s[band])), 0}; };
  return oversampled(Multiband{{shape(0), shape(1), shape(2)},
                               {Biquad::Kind::kLowPass, s[3], 0.7071, 0, fast},
                               {Biquad::Kind::kLowPass, s[4], 0.7071, 0, fast}}, rate);
}

// Lowers what is above the threshold by the ratio, then tanh at twice the threshold.
struct SaturatingLimiter {
  Level level;
  float threshold, slope;
  void operator()(float* samples, int count) {
    for (int i = 0; i < count; ++i) {
      const float now = level.of(samples[i]);
      if (now > threshold) samples[i] *= std::pow(threshold / now, slope);
      samples[i] /= 2 * threshold;
    }
    tanh_of_all(samples, count);
    for (int i = 0; i < count; ++i) samples[i] *= 2 * threshold;
  }
};

std::unique_ptr<Effect> saturating_limiter(const Settings& s, int rate) {
  return oversampled(SaturatingLimiter{{s[2], s[3], double(rate) * Oversampler::kFactor}, float(gain_of(s[0])),
                                       float(1 - 1 / s[1])}, rate);
}

class RingModulator : public Effect {
 public:
  RingModulator(const Settings& s, int rate) : step_(s[0] / rate), depth_(s[1]) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      samples[i] *= float(1 - depth_ + depth_ * std::sin(2 * M_PI * phase_));
      phase_ += step_;
      phase_ -= std::floor(phase_);
    }
  }

 private:
  double step_, depth_, phase_ = 0;
};

template <class Kind>
std::unique_ptr<Effect> made(const Settings& settings, int rate) {
  return std::make_unique<Kind>(settings, rate);
}

}  // namespace

std::vector<EffectKind> distortions_with_state() {
  const auto drive = [](const char* name) { return decibels(name, 0, 40, 20); };
  return {
      {"sox_overdrive", "distortion", "sox's overdrive",
       {decibels("gain", 0, 100, 20), plain("colour", 0, 100, 20)}, made<SoxOverdrive>},
      {"bit_crush", "distortion", "fewer bits a sample", {plain("bits", 1, 24, 8), plain("dither", 0, 1, 0)},
       made<BitCrush>, true},
      {"decimate", "distortion", "a lower rate without a filter",
       {logarithmic("rate", 500, 48000, 8000, "Hz"), choice("interpolation", {"hold", "linear"})}, made<Decimate>,
       true},
      {"tape", "distortion", "treble raised, saturated with a memory, lowered",
       {decibels("drive", 0, 30, 15), decibels("emphasis", 0, 12, 6), plain("memory", 0, 0.9, 0.3)}, tape},
      {"multiband", "distortion", "a tanh for each of three bands",
       {drive("low"), drive("middle"), drive("high"), logarithmic("crossover_low", 80, 800, 250, "Hz"),
        logarithmic("crossover_high", 1000, 6000, 2500, "Hz")}, multiband},
      {"saturating_limiter", "distortion", "lowers what is above the threshold, and bends it",
       {decibels("threshold", -40, 0, -20), logarithmic("ratio", 1, 20, 4, ""),
        logarithmic("attack", 0.1, 100, 1, "ms"), logarithmic("release", 10, 1000, 100, "ms")}, saturating_limiter},
      {"ring_modulator", "distortion", "multiplied by a sine",
       {logarithmic("frequency", 20, 2000, 200, "Hz"), plain("depth", 0, 1, 1)}, made<RingModulator>},
  };
}

}  // namespace nr
