#include "effects/level.h"
#include "effects/oversampled.h"
#include "effects/parameters.h"

namespace nr {
namespace {

template <class Function>
class Everywhere : public Effect {
 public:
  explicit Everywhere(const Function& function) : function_(function) {}
  void process(float* samples, int count) override {
    for (int i = 0; i < count; ++i) samples[i] = function_(samples[i]);
  }

 private:
  Function function_;
};

template <class Function>
std::unique_ptr<Effect> everywhere(const Function& function) {
  return std::make_unique<Everywhere<Function>>(function);
}

std::unique_ptr<Effect> gain(const Settings& s, int) {
  return everywhere([gain = float(gain_of(s[0]))](float x) { return gain * x; });
}

std::unique_ptr<Effect> clipping(const Settings& s, int) {
  return everywhere([top = float(gain_of(s[0]))](float x) { return std::clamp(x, -top, top); });
}

// Above the threshold the level rises by only 1 / ratio.
std::unique_ptr<Effect> compressor(const Settings& s, int rate) {
  return everywhere([level = Level(s[2], s[3], rate), threshold = float(gain_of(s[0])),
                     slope = float(1 - 1 / s[1])](float x) mutable {
    const float now = level.of(x);
    return now > threshold ? x * std::pow(threshold / now, slope) : x;
  });
}

// Below the threshold the level falls `ratio` times as fast.
std::unique_ptr<Effect> gate(const Settings& s, int rate) {
  return everywhere([level = Level(s[2], s[3], rate), threshold = float(gain_of(s[0])),
                     slope = float(s[1] - 1)](float x) mutable {
    const float now = level.of(x);
    return now < threshold ? x * std::pow(now / threshold, slope) : x;
  });
}

// No sample rises above the threshold: the gain that this asks for is at once there, and comes back within the release.
std::unique_ptr<Effect> limiter(const Settings& s, int rate) {
  return everywhere([top = float(gain_of(s[0])), keep = float(std::exp(-1000 / (s[1] * rate))),
                     gain = 1.f](float x) mutable {
    gain = std::min(1 + keep * (gain - 1), top / std::max(top, std::fabs(x)));
    return x * gain;
  });
}

}  // namespace

std::vector<EffectKind> dynamics() {
  const auto threshold = [](double low, double initial) { return decibels("threshold", low, 0, initial); };
  const SynthParameter attack = logarithmic("attack", 0.1, 100, 1, "ms"),
                       release = logarithmic("release", 10, 1000, 100, "ms");
  return {
      {"gain", "dynamics", "louder or softer", {decibels("gain", -40, 40, 0)}, gain},
      {"clipping", "dynamics", "limits samples, with aliases", {threshold(-40, -6)}, clipping, true},
      {"compressor", "dynamics", "loud sounds softer",
       {threshold(-60, -20), logarithmic("ratio", 1, 20, 4, ""), attack, release}, compressor},
      {"gate", "dynamics", "soft sounds softer",
       {threshold(-100, -40), logarithmic("ratio", 1, 20, 10, ""), attack, release}, gate},
      {"limiter", "dynamics", "no sample above the threshold", {threshold(-40, -6), release}, limiter},
  };
}

}  // namespace nr
