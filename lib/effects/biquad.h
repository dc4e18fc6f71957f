// Filters of second order (R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients).
#pragma once
#include <algorithm>
#include <cmath>

namespace nr {

class Biquad {
 public:
  enum class Kind { kLowPass, kHighPass, kLowShelf, kHighShelf, kPeak };

  Biquad() = default;
  // hertz is limited to 0.49 of the rate; decibels: of shelves and peaks.
  Biquad(Kind kind, double hertz, double q, double decibels, double sample_rate) {
    const double w = 2 * M_PI * std::min(hertz / sample_rate, 0.49), cosine = std::cos(w);
    const double alpha = std::sin(w) / (2 * q), a = std::pow(10, decibels / 40), root = 2 * std::sqrt(a) * alpha;
    const auto shelf = [&](double sign) {  // 1: low, -1: high
      const double c = sign * cosine, up = a + 1, down = a - 1;
      set(a * (up - down * c + root), sign * 2 * a * (down - up * c), a * (up - down * c - root), up + down * c + root,
          sign * -2 * (down + up * c), up + down * c - root);
    };
    switch (kind) {
      case Kind::kLowPass:
        set((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
        break;
      case Kind::kHighPass:
        set((1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
        break;
      case Kind::kLowShelf: shelf(1); break;
      case Kind::kHighShelf: shelf(-1); break;
      case Kind::kPeak: set(1 + alpha * a, -2 * cosine, 1 - alpha * a, 1 + alpha / a, -2 * cosine, 1 - alpha / a);
    }
  }

  double of(double x) {
    const double y = b0_ * x + s1_;
    s1_ = b1_ * x - a1_ * y + s2_;
    s2_ = b2_ * x - a2_ * y;
    return y;
  }

 private:
  void set(double b0, double b1, double b2, double a0, double a1, double a2) {
    b0_ = b0 / a0, b1_ = b1 / a0, b2_ = b2 / a0, a1_ = a1 / a0, a2_ = a2 / a0;
  }
  double b0_ = 1, b1_ = 0, b2_ = 0, a1_ = 0, a2_ = 0, s1_ = 0, s2_ = 0;
};

}  // namespace nr
