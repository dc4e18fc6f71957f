// Random numbers as a function of a key: Random(seed, step, item) gives the same stream on every machine and in every
// order, so a run resumes without any generator's state.
#pragma once
#include <cmath>
#include <cstdint>

namespace nr {

// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  using result_type = uint64_t;
  template <class... Keys>
  explicit Random(uint64_t seed, Keys... keys) : state_(seed) {
    ((state_ = (*this)() ^ static_cast<uint64_t>(keys)), ...);
  }
  uint64_t operator()() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  static constexpr uint64_t min() { return 0; }
  static constexpr uint64_t max() { return ~0ull; }

  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }         // [0, 1)
  double uniform(double low, double high) { return low + (high - low) * uniform(); }  // [low, high)
  uint64_t below(uint64_t n) { return static_cast<uint64_t>(uniform() * static_cast<double>(n)); }
  double normal() {  // Box-Muller
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  uint64_t state_;
};

}  // namespace nr
