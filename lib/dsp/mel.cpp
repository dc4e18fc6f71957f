#include "dsp/mel.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {
namespace {
constexpr double kLinear = 200.0 / 3, kKnee = 1000;  // Hz a mel below the knee; above it, 27 mels are a factor of 6.4
const double kLog = std::log(6.4) / 27;

// [corners - 2][n_fft / 2 + 1]: a triangle from each corner over the next one to the one behind it, in Hz; height 1, or
// of unit area.
std::vector<float> triangles(const std::vector<double>& corner, int sample_rate, int n_fft, bool unit_area) {
  const size_t mels = corner.size() - 2, bins = size_t(n_fft) / 2 + 1;
  std::vector<float> filters(mels * bins);
  for (size_t m = 0; m < mels; ++m)
    for (size_t k = 0; k < bins; ++k) {
      const double hz = double(k) * sample_rate / n_fft;
      const double rise = (hz - corner[m]) / (corner[m + 1] - corner[m]),
                   fall = (corner[m + 2] - hz) / (corner[m + 2] - corner[m + 1]);
      const double height = unit_area ? 2 / (corner[m + 2] - corner[m]) : 1;
      filters[m * bins + k] = static_cast<float>(std::max(0.0, std::min(rise, fall)) * height);
    }
  return filters;
}
}  // namespace

double hz_to_mel(double hz) { return hz < kKnee ? hz / kLinear : kKnee / kLinear + std::log(hz / kKnee) / kLog; }
double mel_to_hz(double mel) {
  return mel < kKnee / kLinear ? mel * kLinear : kKnee * std::exp(kLog * (mel - kKnee / kLinear));
}

std::vector<float> mel_filters(int sample_rate, int n_fft, int mels, double low, double high) {
  if (high <= 0) high = sample_rate / 2.0;
  if (sample_rate < 1 || n_fft < 2 || mels < 1)
    fail("a mel filter bank of ", mels, " bands over ", n_fft, " samples at ", sample_rate, " Hz");
  if (!(low >= 0 && low < high && high <= sample_rate / 2.0))
    fail("a mel filter bank from ", low, " to ", high, " Hz at ", sample_rate, " Hz");
  std::vector<double> corner(mels + 2);
  const double first = hz_to_mel(low), range = hz_to_mel(high) - first;
  for (int m = 0; m < mels + 2; ++m) corner[m] = mel_to_hz(first + range * m / (mels + 1));
  return triangles(corner, sample_rate, n_fft, true);
}

std::vector<float> htk_mel_filters(int sample_rate, int n_fft, int mels) {
  const double most = 2595 * std::log10(1 + sample_rate / 2.0 / 700);
  std::vector<double> corner;
  for (int m = 0; m < mels + 2; ++m) corner.push_back(700 * (std::pow(10, most * m / (mels + 1) / 2595) - 1));
  return triangles(corner, sample_rate, n_fft, false);
}

}  // namespace nr
