// What distortions share: a function of every sample at eight times the rate, and what takes a constant away.
#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "dsp/oversampler.h"
#include "effects/effect.h"

namespace nr {

inline double gain_of(double decibels) { return std::pow(10, decibels / 20); }

// y[t] = x[t] - x[t-1] + r y[t-1]: a high-pass filter at 10 Hz.
class DcBlocker {
 public:
  explicit DcBlocker(int sample_rate) : keep_(std::exp(-2 * M_PI * 10 / sample_rate)) {}
  float of(float x) {
    y_ = x - x_ + keep_ * y_;
    x_ = x;
    return float(y_);
  }

 private:
  double keep_, x_ = 0, y_ = 0;
};

// Shape: void operator()(float* samples, int count), in place, at Oversampler::kFactor times the rate.
template <class Shape>
class Oversampled : public Effect {
 public:
  Oversampled(const Shape& shape, int sample_rate) : shape_(shape), blocker_(sample_rate) {
    Shape of_silence = shape;
    of_silence(&rest_, 1);
  }

  void process(float* samples, int count) override {
    constexpr int kBlock = 512;
    fast_.resize(size_t(kBlock) * Oversampler::kFactor);
    for (int begin = 0; begin < count; begin += kBlock) {
      const int size = std::min(kBlock, count - begin);
      float* const block = samples + begin;
      oversampler_.up(block, size, fast_.data());
      shape_(fast_.data(), size * Oversampler::kFactor);
      for (int i = 0; i < size * Oversampler::kFactor; ++i) fast_[size_t(i)] -= rest_;
      oversampler_.down(fast_.data(), size, block);
      for (int i = 0; i < size; ++i) block[i] = blocker_.of(block[i]);
    }
  }
  int latency() const override { return Oversampler::kLatency; }

 private:
  Shape shape_;
  float rest_ = 0;  // what it makes of silence
  Oversampler oversampler_;
  DcBlocker blocker_;
  std::vector<float> fast_;
};

template <class Shape>
std::unique_ptr<Effect> oversampled(const Shape& shape, int sample_rate) {
  return std::make_unique<Oversampled<Shape>>(shape, sample_rate);
}

// The mean of a function between a sample and the one before, in place of its value: what it makes near the
// oversampled rate, which comes back as the loudest aliases, is gone (Parker et al., DAFx-16). For functions
// with corners, by their integrals.
template <class Function, class Integral>
struct Integrated {
  Function function;
  Integral integral;
  double gain, offset;  // of what both are given: gain x + offset
  double last = offset, last_integral = integral(offset);

  void operator()(float* samples, int count) {
    for (int i = 0; i < count; ++i) {
      const double x = gain * samples[i] + offset, now = integral(x), step = x - last;
      samples[i] = float(std::fabs(step) > 1e-5 ? (now - last_integral) / step : function((x + last) / 2));
      last = x, last_integral = now;
    }
  }
};

template <class Function, class Integral>
std::unique_ptr<Effect> integrated(double gain, double offset, int sample_rate, Function function,
                                   Integral integral) {
  return oversampled(Integrated<Function, Integral>{function, integral, gain, offset}, sample_rate);
}

// A smooth function as it is: it makes too little there to be heard. of_all: as in dsp/saturation.h.
struct Smooth {
  void (*of_all)(float* x, int count);
  float gain, offset;

  void operator()(float* samples, int count) const {
    for (int i = 0; i < count; ++i) samples[i] = gain * samples[i] + offset;
    of_all(samples, count);
  }
};

}  // namespace nr
