#include "effects/biquad.h"
#include "effects/oversampled.h"
#include "effects/parameters.h"

namespace nr {
namespace {

// By the bilinear transform: 3 dB at the cutoff.
class OnePole : public Effect {
 public:
  OnePole(double hertz, bool high, int rate) : high_(high) {
    const double g = std::tan(M_PI * std::min(hertz / rate, 0.49));
    step_ = g / (1 + g);
  }
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) {
      const double change = step_ * (samples[i] - state_), low = state_ + change;
      state_ = low + change;
      samples[i] = float(high_ ? samples[i] - low : low);
    }
  }

 private:
  double step_, state_ = 0;
  bool high_;
};

template <bool high>
std::unique_ptr<Effect> one_pole(const Settings& s, int rate) {
  return std::make_unique<OnePole>(s[0], high, rate);
}

class OneBiquad : public Effect {
 public:
  explicit OneBiquad(const Biquad& filter) : filter_(filter) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) samples[i] = float(filter_.of(samples[i]));
  }

 private:
  Biquad filter_;
};

template <Biquad::Kind kind>
std::unique_ptr<Effect> equaliser(const Settings& s, int rate) {
  return std::make_unique<OneBiquad>(Biquad(kind, s[0], s[2], s[1], rate));
}

// Four one-pole filters in a loop, each saturating (Stilson and Smith, ICMC 1996), with the output of the last but a
// sample fed back: at eight times the rate that delay is short.
struct Ladder {
  double step, resonance, drive;
  double stages[4] = {};
  void operator()(float* samples, int count) {
    for (int i = 0; i < count; ++i) {
      double x = std::tanh(drive * samples[i] - 4 * resonance * stages[3]);
      for (double& stage : stages) x = stage += step * (x - stage);
      samples[i] = float(x);
    }
  }
};

std::unique_ptr<Effect> ladder(const Settings& s, int rate) {
  const double fast = double(rate) * Oversampler::kFactor;
  return oversampled(Ladder{1 - std::exp(-2 * M_PI * std::min(s[0], 0.45 * rate) / fast), s[1], gain_of(s[2])}, rate);
}

}  // namespace

std::vector<EffectKind> filters() {
  const auto cutoff = [](double initial) { return logarithmic("cutoff", 20, 20000, initial, "Hz"); };
  const auto gain = [](double initial) { return decibels("gain", -24, 24, initial); };
  const SynthParameter q = logarithmic("q", 0.1, 10, 0.7071, "");
  return {
      {"low_pass", "filter", "first order", {cutoff(2000)}, one_pole<false>},
      {"high_pass", "filter", "first order", {cutoff(200)}, one_pole<true>},
      {"ladder", "filter", "low-pass of fourth order with resonance and saturation",
       {cutoff(1000), plain("resonance", 0, 1, 0.3), decibels("drive", 0, 24, 0)}, ladder},
      {"low_shelf", "filter", "raises or lowers what is below the cutoff", {cutoff(400), gain(6), q},
       equaliser<Biquad::Kind::kLowShelf>},
      {"high_shelf", "filter", "raises or lowers what is above the cutoff", {cutoff(3000), gain(6), q},
       equaliser<Biquad::Kind::kHighShelf>},
      {"peak", "filter", "raises or lowers what is around the cutoff", {cutoff(1000), gain(6), q},
       equaliser<Biquad::Kind::kPeak>},
  };
}

}  // namespace nr
