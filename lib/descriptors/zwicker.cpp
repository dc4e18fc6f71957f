#include "descriptors/zwicker.h"

#include <algorithm>
#include <cmath>

#include "dsp/sums.h"
#include "dsp/window.h"

namespace nr {
namespace {

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

double intensity(double db) { return std::pow(10.0, db / 10); }

// Power gain of a Butterworth band-pass one third of an octave wide, at a frequency relative to its centre.
double filter_gain(double relative) {
  const double distance = (relative - 1 / relative) / (std::exp2(1 / 6.0) - std::exp2(-1 / 6.0));
  const double cube = distance * distance * distance;
  return 1 / (1 + cube * cube);
}

// Levels of the 20 critical bands: the lowest three are sums of eleven third octaves.
void critical_band_levels(const ThirdOctaveLevels& levels, double* out) {
  double low[3] = {};
  for (int i = 0; i < 11; ++i) {
    int range = 0;
    while (range < 7 && levels[i] > kRanges[range] - kWeighting[range][i]) ++range;
    low[i < 6 ? 0 : i < 9 ? 1 : 2] += intensity(levels[i] + kWeighting[range][i]);
  }
  for (int band = 0; band < 3; ++band) out[band] = 10 * std::log10(std::max(low[band], 1e-30));
  for (int band = 3; band < kBands; ++band) out[band] = levels[band + 8];
}

void core_loudness(const double* levels, double* core) {
  for (int band = 0; band < kBands; ++band) {
    const double level = levels[band] - kEar[band];
    core[band] = 0;
    if (level <= kThreshold[band]) continue;
    const double above = intensity(level - kAdaptation[band] - kThreshold[band]);
    core[band] = std::max(
        0.0, 0.0635 * std::pow(10, 0.025 * kThreshold[band]) * (std::sqrt(std::sqrt(0.75 + 0.25 * above)) - 1));
  }
  core[0] *= std::min(1.0, 0.4 + 0.32 * std::pow(core[0], 0.2));
  core[kBands] = 0;
}

}  // namespace

ThirdOctaves::ThirdOctaves(int sample_rate, int window) {
  double energy = 0;
  for (const double w : hann_window(window)) energy += w * w;
  for (int i = 0; i < 28; ++i) {
    const double centre = 1000 * std::exp2((i - 16) / 3.0) * window / sample_rate;  // bins
    const int steps = centre < 100 ? 16 : 2;
    for (int k = 1; k <= window / 2; ++k) {
      double gain = 0;  // mean over the width of the bin
      for (int step = 0; step < steps; ++step) gain += filter_gain((k - 0.5 + (step + 0.5) / steps) / centre) / steps;
      if (gain < 1e-7) {
        if (k < centre) continue;
        break;
      }
      if (bands_[i].weights.empty()) bands_[i].first = k;
      bands_[i].weights.push_back(static_cast<float>(2 * gain / (energy * window)));
    }
  }
}

void ThirdOctaves::measure(const float* power, ThirdOctaveLevels& levels) const {
  for (size_t i = 0; i < levels.size(); ++i) {
    const Band& band = bands_[i];
    const double sum =
        lane_sum(int(band.weights.size()), [&](int k) { return double(band.weights[k]) * power[band.first + k]; });
    levels[i] = 10 * std::log10(std::max(sum, 1e-30)) + kFullScaleDb;
  }
}

void specific_loudness(const ThirdOctaveLevels& levels, SpecificLoudness& loudness) {
  double critical[kBands], core[kBands + 1];
  critical_band_levels(levels, critical);
  core_loudness(critical, core);

  double z = 0, height = 0;  // place on the Bark scale, and specific loudness there
  int slope = kSlopes - 1;
  size_t next = 0;  // sample to write
  loudness.total = 0;
  for (int band = 0; band <= kBands; ++band) {
    while (z < kUpper[band]) {
      double steepness = 0, end = kUpper[band], floor = core[band];
      // Masked by a lower band: loudness falls to the next slope, to the band's own loudness, or to the band's end.
      if (height > core[band]) {
        steepness = kSlope[slope][std::min(std::max(band - 1, 0), 7)];
        floor = std::max(kSlopeFrom[slope], core[band]);
        end = std::min(end, z + (height - floor) / steepness);
        if (end == kUpper[band]) floor = height - (end - z) * steepness;
      } else {
        height = core[band];
        for (slope = 0; slope < kSlopes - 1 && kSlopeFrom[slope] >= height;) ++slope;
      }
      for (; next < loudness.at.size() && 0.1 * double(next + 1) <= end + 1e-9; ++next)
        loudness.at[next] = static_cast<float>(height - steepness * (0.1 * double(next + 1) - z));
      loudness.total += (end - z) * (height + floor) / 2;
      z = end, height = floor;
      while (slope < kSlopes - 1 && height <= kSlopeFrom[slope]) ++slope;
    }
  }
}

}  // namespace nr
