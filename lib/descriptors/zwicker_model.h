// The model of zwicker.h for numbers of any kind: doubles, or dual numbers, which carry slopes.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace nr::zwicker_model {

constexpr int kBands = 20, kSlopes = 18;

// Tables of ISO 532-1. Weighting of the third octaves below 315 Hz, by ranges of their level:
constexpr double kRanges[8] = {45, 55, 65, 71, 80, 90, 100, 120};
constexpr double kWeighting[8][11] = {
    {-32, -24, -16, -10, -5, 0, -7, -3, 0, -2, 0}, {-29, -22, -15, -10, -4, 0, -7, -2, 0, -2, 0},
    {-27, -19, -14, -9, -4, 0, -6, -2, 0, -2, 0},  {-25, -17, -12, -9, -3, 0, -5, -2, 0, -2, 0},
    {-23, -16, -11, -7, -3, 0, -4, -1, 0, -1, 0},  {-20, -14, -10, -6, -3, 0, -4, -1, 0, -1, 0},
    {-18, -12, -9, -6, -2, 0, -3, -1, 0, -1, 0},   {-15, -10, -8, -4, -2, 0, -3, -1, 0, -1, 0}};
// Threshold in quiet, transmission of the outer and middle ear, critical bands against third octaves; dB a critical
// band:
constexpr double kThreshold[kBands] = {30, 18, 12, 8, 7, 6, 5, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
constexpr double kEar[kBands] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.5, -1.6, -3.2, -5.4, -5.6, -4, -1.5, 2, 5, 12};
constexpr double kAdaptation[kBands] = {-.25, -.6, -.8, -.8, -.5, 0,   .5, 1.1, 1.5, 1.7,
                                        1.8,  1.8, 1.7, 1.6, 1.4, 1.2, .8, .5,  0,   -.5};
// Upper limits of the critical bands, Bark, and how loudness falls above them: sone a Bark a Bark, by level and band.
constexpr double kUpper[kBands + 1] = {.9,   1.8,  2.8,  3.5,  4.4,  5.4,  6.6,  7.9,  9.2,  10.6, 12.3,
                                       13.8, 15.2, 16.7, 18.1, 19.3, 20.6, 21.8, 22.7, 23.6, 24};
constexpr double kSlopeFrom[kSlopes] = {21.5, 18,  15.1, 11.5, 9,   6.1, 4.4, 3.1,  2.13,
                                        1.36, .82, .42,  .30,  .22, .15, .10, .035, 0};
constexpr double kSlope[kSlopes][8] = {
    {13, 8.2, 6.3, 5.5, 5.5, 5.5, 5.5, 5.5},     {9, 7.5, 6, 5.1, 4.5, 4.5, 4.5, 4.5},
    {7.8, 6.7, 5.6, 4.9, 4.4, 3.9, 3.9, 3.9},    {6.2, 5.4, 4.6, 4, 3.5, 3.2, 3.2, 3.2},
    {4.5, 3.8, 3.6, 3.2, 2.9, 2.7, 2.7, 2.7},    {3.7, 3, 2.8, 2.35, 2.2, 2.2, 2.2, 2.2},
    {2.9, 2.3, 2.1, 1.9, 1.8, 1.7, 1.7, 1.7},    {2.4, 1.7, 1.5, 1.35, 1.3, 1.3, 1.3, 1.3},
    {1.95, 1.45, 1.3, 1.15, 1.1, 1.1, 1.1, 1.1}, {1.5, 1.2, .94, .86, .82, .82, .82, .82},
    {.72, .67, .64, .63, .62, .62, .62, .62},    {.59, .53, .51, .50, .42, .42, .42, .42},
    {.40, .33, .26, .24, .24, .22, .22, .22},    {.27, .21, .20, .18, .17, .17, .17, .17},
    {.16, .15, .14, .12, .11, .11, .11, .11},    {.12, .11, .10, .08, .08, .08, .08, .08},
    {.09, .08, .07, .06, .06, .06, .06, .05},    {.06, .05, .03, .02, .02, .02, .02, .02}};

inline double intensity(double db) { return std::pow(10.0, db / 10); }
template <class T>
T intensity(const T& db) {
  return exp(db * (std::log(10.0) / 10));
}

// Levels of the 20 critical bands: the lowest three are sums of eleven third octaves.
template <class T>
void critical_band_levels(const std::array<T, 28>& levels, T* out) {
  using std::log10;
  T low[3] = {};
  for (int i = 0; i < 11; ++i) {
    int range = 0;
    while (range < 7 && levels[i] > kRanges[range] - kWeighting[range][i]) ++range;
    low[i < 6 ? 0 : i < 9 ? 1 : 2] += intensity(levels[i] + kWeighting[range][i]);
  }
  for (int band = 0; band < 3; ++band) out[band] = 10 * log10(std::max(low[band], T(1e-30)));
  for (int band = 3; band < kBands; ++band) out[band] = levels[band + 8];
}

template <class T>
void core_loudness(const T* levels, T* core) {
  using std::pow;
  using std::sqrt;
  for (int band = 0; band < kBands; ++band) {
    const T level = levels[band] - kEar[band];
    core[band] = T(0);
    if (level <= kThreshold[band]) continue;
    const T above = intensity(level - kAdaptation[band] - kThreshold[band]);
    core[band] = std::max(
        T(0), 0.0635 * std::pow(10, 0.025 * kThreshold[band]) * (sqrt(sqrt(0.75 + 0.25 * above)) - 1));
  }
  core[0] *= std::min(T(1), 0.4 + 0.32 * pow(core[0], 0.2));
  core[kBands] = T(0);
}

// -> the total, sone. segment(first, end, height, z, steepness) of each piece of the curve that has samples: those of
// [first, end), at bark(i), where the loudness, sone a Bark, is height - steepness * (bark(i) - z).
inline double bark(size_t i) { return 0.1 * double(i + 1); }
template <class T, class Segment>
T zwicker(const std::array<T, 28>& levels, const Segment& segment) {
  T critical[kBands], core[kBands + 1];
  critical_band_levels(levels, critical);
  core_loudness(critical, core);

  T z(0), height(0);  // place on the Bark scale, and specific loudness there
  int slope = kSlopes - 1;
  size_t next = 0;  // sample to write
  T total(0);
  for (int band = 0; band <= kBands; ++band) {
    while (z < kUpper[band]) {
      double steepness = 0;
      T end(kUpper[band]), floor = core[band];
      // Masked by a lower band: loudness falls to the next slope, to the band's own loudness, or to the band's end.
      if (height > core[band]) {
        steepness = kSlope[slope][std::min(std::max(band - 1, 0), 7)];
        floor = std::max(T(kSlopeFrom[slope]), core[band]);
        end = std::min(end, z + (height - floor) / steepness);
        if (end == kUpper[band]) floor = height - (end - z) * steepness;
      } else {
        height = core[band];
        for (slope = 0; slope < kSlopes - 1 && kSlopeFrom[slope] >= height;) ++slope;
      }
      const size_t first = next;
      while (next < 240 && bark(next) <= end + 1e-9) ++next;
      if (next > first) segment(first, next, height, z, steepness);
      total += (end - z) * (height + floor) / 2;
      z = end, height = floor;
      while (slope < kSlopes - 1 && height <= kSlopeFrom[slope]) ++slope;
    }
  }
  return total;
}

}  // namespace nr::zwicker_model
