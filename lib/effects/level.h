// The level that dynamics effects follow: it rises within the attack time and falls within the release time.
#pragma once
#include <cmath>

namespace nr {

class Level {
 public:
  Level(double attack_ms, double release_ms, double sample_rate)
      : attack_(keep(attack_ms, sample_rate)), release_(keep(release_ms, sample_rate)) {}
  float of(float x) {
    const float size = std::fabs(x), kept = size > level_ ? attack_ : release_;
    return level_ = kept * level_ + (1 - kept) * size;
  }

 private:
  static float keep(double milliseconds, double sample_rate) {
    return float(std::exp(-1000 / (milliseconds * sample_rate)));
  }
  float attack_, release_, level_ = 0;
};

}  // namespace nr
