// A number with its slopes by N variables: what is computed from such numbers has its exact slopes (forward mode).
// Comparisons go by the value.
#pragma once
#include <array>
#include <cmath>

namespace nr {

template <int N>
struct Dual {
  double value = 0;
  std::array<double, N> slope{};

  Dual() = default;
  explicit Dual(double constant) : value(constant) {}

  // f(this), whose value and slope by this are given.
  Dual through(double f, double slope_of_f) const {
    Dual out(f);
    for (int i = 0; i < N; ++i) out.slope[i] = slope_of_f * slope[i];
    return out;
  }
  friend Dual operator+(Dual a, const Dual& b) {
    a.value += b.value;
    for (int i = 0; i < N; ++i) a.slope[i] += b.slope[i];
    return a;
  }
  friend Dual operator-(Dual a, const Dual& b) {
    a.value -= b.value;
    for (int i = 0; i < N; ++i) a.slope[i] -= b.slope[i];
    return a;
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    Dual out(a.value * b.value);
    for (int i = 0; i < N; ++i) out.slope[i] = a.value * b.slope[i] + b.value * a.slope[i];
    return out;
  }
  friend Dual operator/(const Dual& a, const Dual& b) { return a * b.through(1 / b.value, -1 / (b.value * b.value)); }
  friend Dual operator+(Dual a, double b) { return a.value += b, a; }
  friend Dual operator-(Dual a, double b) { return a.value -= b, a; }
  friend Dual operator*(const Dual& a, double b) { return a.through(a.value * b, b); }
  friend Dual operator/(const Dual& a, double b) { return a * (1 / b); }
  friend Dual operator+(double a, const Dual& b) { return b + a; }
  friend Dual operator-(double a, const Dual& b) { return b.through(a - b.value, -1); }
  friend Dual operator*(double a, const Dual& b) { return b * a; }
  Dual& operator+=(const Dual& b) { return *this = *this + b; }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }

  friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  friend bool operator>(const Dual& a, double b) { return a.value > b; }
  friend bool operator<(const Dual& a, double b) { return a.value < b; }
  friend bool operator<=(const Dual& a, double b) { return a.value <= b; }
  friend bool operator>=(double a, const Dual& b) { return a >= b.value; }
  friend bool operator<=(double a, const Dual& b) { return a <= b.value; }
  friend bool operator==(const Dual& a, double b) { return a.value == b; }

  friend Dual exp(const Dual& a) { return a.through(std::exp(a.value), std::exp(a.value)); }
  friend Dual log10(const Dual& a) { return a.through(std::log10(a.value), 1 / (a.value * std::log(10.0))); }
  friend Dual sqrt(const Dual& a) { return a.through(std::sqrt(a.value), 0.5 / std::sqrt(a.value)); }
  // At 0 a slope of 0, where that of a power below 1 has no bound.
  friend Dual pow(const Dual& a, double power) {
    return a.through(std::pow(a.value, power), a.value == 0 ? 0 : power * std::pow(a.value, power - 1));
  }
};

}  // namespace nr
