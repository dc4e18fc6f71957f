// Distortions that are a function of one sample, oversampled. In their readings x is the sample times `drive`.
#include <array>

#include "dsp/saturation.h"
#include "effects/bent.h"
#include "effects/oversampled.h"
#include "effects/parameters.h"

namespace nr {
namespace {

SynthParameter drive(double initial = 20) { return decibels("drive", 0, 40, initial); }

double clipped(double x) { return std::clamp(x, -1.0, 1.0); }
double clipped_integral(double x) { return std::fabs(x) < 1 ? x * x / 2 : std::fabs(x) - 0.5; }

std::unique_ptr<Effect> hard_clip(const Settings& s, int rate) {
  const double top = gain_of(s[1]);
  return integrated(gain_of(s[0]) / top, 0, rate, [=](double x) { return top * clipped(x); },
                    [=](double x) { return top * clipped_integral(x); });
}

template <void (*of_all)(float*, int)>
std::unique_ptr<Effect> smooth(const Settings& s, int rate) {
  return oversampled(Smooth{of_all, float(gain_of(s[0])), s.size() > 1 ? float(s[1]) : 0}, rate);
}

// J. O. Smith, Physical Audio Signal Processing.
std::unique_ptr<Effect> cubic(const Settings& s, int rate) {
  return integrated(std::pow(10, 2 * s[0]), s[1], rate, bent, bent_integral);
}

// Zoelzer, DAFX, 2nd edition, 4.3.3.
double overdriven(double x) {
  const double size = std::fabs(x), bend = 2 - 3 * size;
  return std::copysign(size < 1 / 3.0 ? 2 * size : size < 2 / 3.0 ? (3 - bend * bend) / 3 : 1, x);
}
double overdriven_integral(double x) {
  const double size = std::fabs(x);
  return size < 1 / 3.0   ? size * size
         : size < 2 / 3.0 ? size * (-1 / 3.0 + size * (2 - size)) + 1 / 27.0
                          : size - 7 / 27.0;
}
std::unique_ptr<Effect> overdrive(const Settings& s, int rate) {
  return integrated(gain_of(s[0]), 0, rate, overdriven, overdriven_integral);
}

std::unique_ptr<Effect> rectifier(const Settings& s, int rate) {
  const double share = s[1];
  return integrated(gain_of(s[0]), 0, rate,
                    [=](double x) { return (1 - share) * clipped(x) + share * std::fabs(clipped(x)); },
                    [=](double x) {
                      const double integral = clipped_integral(x);
                      return (1 - share) * integral + share * std::copysign(integral, x);
                    });
}

// By a triangle or a sine that is as high as the threshold. A period of the triangle is 1, from its lowest point.
std::unique_ptr<Effect> wavefold(const Settings& s, int rate) {
  const double top = gain_of(s[1]), gain = gain_of(s[0]) / top;
  if (s[2] > 0.5)
    return integrated(gain * M_PI / 2, 0, rate, [=](double x) { return top * std::sin(x); },
                      [=](double x) { return -top * std::cos(x); });
  return integrated(gain / 4, 0.25, rate,
                    [=](double x) { return top * (1 - 4 * std::fabs(x - std::floor(x) - 0.5)); },
                    [=](double x) {
                      const double at = x - std::floor(x);
                      return top * (at < 0.5 ? at * (2 * at - 1) : at * (3 - 2 * at) - 1);
                    });
}

// T_n of a cosine of full scale is its n-th harmonic. The integral of T_n is T_(n+1) / (2 n + 2) - T_(n-1) / (2 n - 2).
struct Chebyshev {
  std::array<double, 9> weights{0, 1};

  double sum(double x, bool integral) const {
    double before = 1, now = x, out = integral ? x * x / 2 : x;
    for (int n = 2; n <= 8; ++n) {
      const double next = 2 * x * now - before, after = 2 * x * next - now;
      out += weights[size_t(n)] * (integral ? after / (2 * n + 2) - now / (2 * n - 2) : next);
      before = now, now = next;
    }
    return out;
  }
  double of(double x) const { return sum(clipped(x), false); }
  double integral(double x) const { return sum(clipped(x), true) + of(x) * (x - clipped(x)); }
};

std::unique_ptr<Effect> chebyshev(const Settings& s, int rate) {
  Chebyshev shape;
  for (size_t n = 2; n <= 8; ++n) shape.weights[n] = s[n - 1];
  return integrated(gain_of(s[0]), 0, rate, [=](double x) { return shape.of(x); },
                    [=](double x) { return shape.integral(x); });
}

// Hard ends: |x| less the width. Smooth ones: |x| (1 - e^-(x / width)^2).
std::unique_ptr<Effect> crossover(const Settings& s, int rate) {
  const double width = s[0], smooth = s[1];
  const auto bell = [=](double x) { return std::exp(-x * x / (width * width)); };
  return integrated(1, 0, rate,
                    [=](double x) {
                      const double size = std::fabs(x);
                      return std::copysign((1 - smooth) * std::max(size - width, 0.0) + smooth * size * (1 - bell(x)),
                                           x);
                    },
                    [=](double x) {
                      const double above = std::max(std::fabs(x) - width, 0.0);
                      return (1 - smooth) * above * above / 2 + smooth * (x * x + width * width * bell(x)) / 2;
                    });
}

SynthParameters chebyshev_parameters() {
  SynthParameters out{drive(0)};
  for (int n = 2; n <= 8; ++n) out.push_back(plain("order_" + std::to_string(n), 0, 1, n == 3 ? 0.5 : 0));
  return out;
}

}  // namespace

std::vector<EffectKind> memoryless_distortions() {
  const SynthParameter threshold = decibels("threshold", -24, 0, 0);
  return {
      {"hard_clip", "distortion", "limits to +-threshold", {drive(), threshold}, hard_clip},
      {"tanh", "distortion", "tanh(x)", {drive(25)}, smooth<tanh_of_all>},
      {"arctangent", "distortion", "2 / pi atan(pi x / 2)", {drive()}, smooth<arctangent_of_all>},
      {"cubic", "distortion", "x - x^3 / 3 with an offset", {plain("drive", 0, 1, 0.5), plain("offset", 0, 1, 0)},
       cubic},
      {"exponential", "distortion", "1 - e^-x, odd", {drive()}, smooth<exponential_of_all>},
      {"overdrive", "distortion", "linear, bent, limited", {drive()}, overdrive},
      {"diode", "distortion", "tanh(x + bias): even and odd harmonics", {drive(), plain("bias", -1, 1, 0.5)},
       smooth<tanh_of_all>},
      {"rectifier", "distortion", "between x (0), half-wave (0.5) and full-wave (1) rectified",
       {drive(), plain("rectify", 0, 1, 1)}, rectifier},
      {"wavefold", "distortion", "folds back what rises above the threshold",
       {drive(12), decibels("threshold", -24, 0, -6), choice("shape", {"triangle", "sine"})}, wavefold},
      {"chebyshev", "distortion", "adds harmonics 2 to 8 by their weights", chebyshev_parameters(), chebyshev},
      {"crossover", "distortion", "a dead zone around 0",
       {logarithmic("width", 0.001, 0.5, 0.05, ""), plain("smooth", 0, 1, 0)}, crossover},
  };
}

}  // namespace nr
