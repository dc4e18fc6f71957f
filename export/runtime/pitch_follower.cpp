#include "pitch_follower.h"

#include <string.h>

#include "control_scale.h"

namespace nr {
namespace {

constexpr int kMostRate = 8900;         // of what is measured
constexpr float kLowest = 50, kHighest = 2000;  // Hz
constexpr float kThreshold = 0.07f;  // the first period with a d' below it is taken,
constexpr float kNearly = 0.05f;     // or the first one that is nearly as good as the best;
constexpr float kCoarse = 0.3f;      // the parabola's error at a short period, times the period
constexpr float kVoiced = 0.7f;         // least periodicity of a pitch, as the descriptor's
constexpr float kOne = 262144;          // full scale in the decimator
constexpr float kSilence = 1e-7f;       // mean square: -70 dB

float median(const float* x) {
  const float low = x[0] < x[1] ? x[0] : x[1], high = x[0] < x[1] ? x[1] : x[0];
  return x[2] < low ? low : x[2] > high ? high : x[2];
}

// sum of x[j] * x[j - lag - i] for i = 0 ... 3
void correlate(const float* x, int count, int lag, float* sums) {
  float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  const float* y = x - lag;
  float y1 = y[-1], y2 = y[-2], y3 = y[-3];
  for (int j = 0; j < count; j += 4) {
    const float a = y[j], b = y[j + 1], c = y[j + 2], d = y[j + 3];
    const float p = x[j], q = x[j + 1], r = x[j + 2], s = x[j + 3];
    s0 += p * a + q * b + r * c + s * d;
    s1 += p * y1 + q * a + r * b + s * c;
    s2 += p * y2 + q * y1 + r * a + s * b;
    s3 += p * y3 + q * y2 + r * y1 + s * a;
    y1 = d, y2 = c, y3 = b;
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

// Where the parabola through three values, -1, 0 and 1, has its least one.
float vertex(float before, float at, float after) {
  const float a = before + after - 2.0f * at, b = 0.5f * (after - before);
  return (b < 0 ? -b : b) < a ? -b / a : 0.0f;
}

// How deep it is there, at least 0.
float bottom(float before, float at, float after) {
  const float y = at + 0.25f * (after - before) * vertex(before, at, after);
  return y > 0 ? y : 0;
}

}  // namespace

PitchFollower::PitchFollower(int sample_rate) : factor_(1 + (sample_rate - 1) / kMostRate) {
  rate_ = static_cast<float>(sample_rate) / factor_;
  const int longest = static_cast<int>(rate_ / kLowest) + 3, shortest = static_cast<int>(rate_ / kHighest);
  lags_ = longest < kLags - 1 ? longest : kLags - 1, shortest_ = shortest < 2 ? 2 : shortest;
  const float one = kOne * factor_ * factor_ * factor_;
  least_ = kWindow * kSilence * one * one;
  for (float& x : octaves_) x = heard_.octaves;
}

// A cascade of integrators and combs: three running means over factor_ samples, one in factor_ of them kept. Unsigned
// numbers wrap around, and the combs undo it. Then a weighted mean of three, which has a zero at half the lower rate,
// where what the means let through from above it comes to lie.
Heard PitchFollower::hear(const float* samples, int count) {
  float power = 0;
  sum_ = 0, measured_ = 0;
  for (int i = 0; i < count; ++i) {
    const float x = samples[i] > -1.0f ? samples[i] < 1.0f ? samples[i] : 1.0f : -1.0f;
    power += x * x;
    integrators_[0] += static_cast<uint32_t>(static_cast<int32_t>(x * kOne));
    integrators_[1] += integrators_[0];
    integrators_[2] += integrators_[1];
    if (++phase_ < factor_) continue;
    phase_ = 0;
    uint32_t value = integrators_[2];
    for (uint32_t& comb : combs_) {
      const uint32_t before = comb;
      comb = value, value -= before;
    }
    const float now = static_cast<float>(static_cast<int32_t>(value));
    past_[kSpan + fresh_] = 0.25f * (now + 2.0f * before_[0] + before_[1]);
    before_[1] = before_[0], before_[0] = now;
    if (++fresh_ < kHop) continue;
    fresh_ = 0;
    memmove(past_, past_ + kHop, sizeof(float) * kSpan);
    measure();
  }
  heard_.octaves = median(octaves_);
  if (measured_ > 0) heard_.periodicity = sum_ / measured_;
  if (count > 0) heard_.power = power / count;
  return heard_;
}

// d(lag) of equation (6), lag = 1 ... lags_ + 3, by energies and correlations.
void PitchFollower::difference(float* d) const {
  const float* x = past_ + kLags;
  float energy = 0, sums[4];
  for (int j = 0; j < kWindow; ++j) energy += x[j] * x[j];
  float delayed = energy;
  for (int lag = 1; lag <= lags_; lag += 4) {
    correlate(x, kWindow, lag, sums);
    for (int i = 0; i < 4 && lag + i <= lags_; ++i) {
      const float in = x[-lag - i], out = x[kWindow - lag - i];
      delayed += in * in - out * out;
      const float value = energy + delayed - 2.0f * sums[i];
      d[lag + i] = value > 0 ? value : 0;
    }
  }
  d[0] = energy;
}

// A short period is a coarse number of samples: twice and four times as long ones tell it more exactly.
float PitchFollower::period(const float* d, int lag) const {
  constexpr float kExact = 40;
  float period = lag;
  for (int times = 1;; times *= 2) {
    const int near = static_cast<int>(period * times + 0.5f);
    int at = near;
    for (int i = near - 1; i <= near + 1; i += 2)
      if (i > 0 && i < lags_ && d[i] < d[at]) at = i;
    if (at + 1 > lags_ || d[at] > d[at - 1] || d[at] > d[at + 1]) return period;
    period = (at + vertex(d[at - 1], d[at], d[at + 1])) / times;
    if (period * times >= kExact || period * times * 2 + 2 > lags_) return period;
  }
}

void PitchFollower::measure() {
  float d[kLags + 1], normalised[kLags + 1];
  difference(d);
  normalised[0] = 1;
  float sum = 0;
  for (int lag = 1; lag <= lags_; ++lag) {
    sum += d[lag];
    normalised[lag] = sum > 0 ? d[lag] * lag / sum : 1.0f;
  }
  float depths[kLags] = {}, deepest = 0;  // of the troughs: 1 - d'; between two lags they lie on a parabola
  for (int lag = shortest_; lag < lags_; ++lag) {
    if (!(normalised[lag] < normalised[lag - 1] && normalised[lag] <= normalised[lag + 1])) continue;
    depths[lag] = 1.0f - bottom(normalised[lag - 1], normalised[lag], normalised[lag + 1]);
    if (depths[lag] > deepest) deepest = depths[lag];
  }
  const float enough = deepest - kNearly < 1.0f - kThreshold ? deepest - kNearly : 1.0f - kThreshold;
  int best = shortest_;
  while (best < lags_ - 1 && !(depths[best] > 0 && depths[best] >= enough - kCoarse / best)) ++best;
  const float periodicity = d[0] > least_ && depths[best] > 0 ? depths[best] : 0.0f;
  sum_ += periodicity, ++measured_;
  const float held = median(octaves_);
  octaves_[2] = octaves_[1], octaves_[1] = octaves_[0];
  octaves_[0] = periodicity >= kVoiced ? log2_of(rate_ / period(d, best)) : held;
}

}  // namespace nr
