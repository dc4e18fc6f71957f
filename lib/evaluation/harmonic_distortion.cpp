#include "evaluation/harmonic_distortion.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "descriptors/descriptor.h"
#include "dsp/fft.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr double kSearch = 0.03, kPeriodic = 0.8;
constexpr int kPartials = 20;

// Where the loudest `length` samples begin, in steps of a quarter of them.
size_t loudest(const std::vector<float>& x, size_t length) {
  size_t best = 0;
  double most = -1;
  for (size_t from = 0; from + length <= x.size(); from += std::max<size_t>(1, length / 4)) {
    double energy = 0;
    for (size_t i = from; i < from + length; ++i) energy += double(x[i]) * x[i];
    if (energy > most) most = energy, best = from;
  }
  return best;
}

}  // namespace

double harmonic_distortion(const std::vector<float>& samples, int sample_rate, double hertz) {
  const size_t length = std::min(samples.size(), size_t(sample_rate / 2)), from = loudest(samples, length);
  int size = 4096;
  while (size_t(size) < 2 * length) size *= 2;  // bins closer than the window's width, so that a peak is near one
  std::vector<float> window(static_cast<size_t>(size));
  for (size_t i = 0; i < length; ++i)
    window[i] = float(samples[from + i] * (0.5 - 0.5 * std::cos(2 * M_PI * double(i) / double(length))));
  RealFft fft(size);
  std::vector<std::complex<float>> bins(size_t(fft.bins()));
  fft.forward(window.data(), bins.data());
  const double bin = double(sample_rate) / size;
  // The highest power near a frequency, and where it is.
  const auto peak = [&](double around, double within) {
    const auto low = size_t(std::max(1.0, (around - within) / bin));
    const size_t high = std::min(bins.size() - 1, size_t((around + within) / bin) + 1);
    size_t best = std::min(low, high);
    for (size_t k = best; k <= high; ++k)
      if (std::norm(bins[k]) > std::norm(bins[best])) best = k;
    return std::pair{double(best) * bin, double(std::norm(bins[best]))};
  };
  const auto [fundamental, first] = peak(hertz, kSearch * hertz);
  if (!(first > 1e-12)) return NAN;
  double harmonics = 0;
  for (int k = 2; k <= kPartials && k * fundamental < 0.48 * sample_rate; ++k)
    harmonics += peak(k * fundamental, 2 * sample_rate / double(length)).second;
  return std::sqrt(harmonics / first);
}

double note_pitch(const std::vector<float>& samples, int sample_rate) {
  const auto curves = analyse(samples, {"pitch", "periodicity"}, {sample_rate, 2048, 512});
  std::vector<double> pitches;
  for (size_t i = 0; i < curves[0].size(); ++i)
    if (curves[1][i] > kPeriodic && std::isfinite(curves[0][i])) pitches.push_back(curves[0][i]);
  return pitches.empty() ? NAN : median(pitches);
}

}  // namespace nr
