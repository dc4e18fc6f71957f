// What coding does to a sound, sample by sample: G.711's law with any number of bits, and adaptive differences.
#include <algorithm>
#include <array>
#include <cmath>

#include "effects/effect.h"
#include "effects/parameters.h"

namespace nr {
namespace {

// ITU-T G.711's mu law as its continuous curve, mu 255, with 2^bits levels around 0.
class MuLaw : public Effect {
 public:
  MuLaw(const Settings& s, int) : levels_(std::exp2(s[0] - 1)) {}
  void process(float* samples, int count) override {
    constexpr double kMu = 255;
    for (int i = 0; i < count; ++i) {
      const double x = std::clamp(double(samples[i]), -1.0, 1.0);
      const double coded = std::round(std::log1p(kMu * std::fabs(x)) / std::log1p(kMu) * levels_) / levels_;
      samples[i] = float(std::copysign(std::expm1(coded * std::log1p(kMu)) / kMu, x));
    }
  }

 private:
  double levels_;
};

// IMA's ADPCM: the difference to the last sample in steps that grow where they were too small. With 2 and 3 bits as
// Adobe's SWF has it.
class Adpcm : public Effect {
 public:
  Adpcm(const Settings& s, int) : magnitude_bits_(int(s[0]) + 1) {
    double step = 7;
    for (int& size : steps_) size = int(step), step = std::min(32767.0, step * 1.1);
  }
  void process(float* samples, int count) override {
    static constexpr std::array<std::array<int, 8>, 3> kMoves{{{-1, 2}, {-1, -1, 2, 4}, {-1, -1, -1, -1, 2, 4, 6, 8}}};
    for (int i = 0; i < count; ++i) {
      const int wanted = int(std::lround(32767 * std::clamp(double(samples[i]), -1.0, 1.0)));
      const int step = steps_[size_t(at_)], difference = std::abs(wanted - last_);
      const int code = std::min((1 << magnitude_bits_) - 1, (difference << (magnitude_bits_ - 1)) / step);
      // Half a code more: the middle of what it stands for.
      const int moved = (step * (2 * code + 1)) >> magnitude_bits_;
      last_ = std::clamp(last_ + (wanted < last_ ? -moved : moved), -32768, 32767);
      at_ = std::clamp(at_ + kMoves[size_t(magnitude_bits_ - 1)][size_t(code)], 0, int(steps_.size()) - 1);
      samples[i] = float(last_) / 32768;
    }
  }

 private:
  int magnitude_bits_, last_ = 0, at_ = 0;
  std::array<int, 89> steps_{};
};

template <class Kind>
std::unique_ptr<Effect> coded(const Settings& settings, int rate) {
  return std::make_unique<Kind>(settings, rate);
}

}  // namespace

std::vector<EffectKind> codings() {
  return {
      {"mu_law", "coding", "few levels, finer near 0", {plain("bits", 2, 12, 8)}, coded<MuLaw>, true},
      {"adpcm", "coding", "adaptive differences of few bits", {choice("bits", {"2", "3", "4"})}, coded<Adpcm>, true},
  };
}

}  // namespace nr
