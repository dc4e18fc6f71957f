#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report/plot.h"

namespace nr::report {

double position(const Axis& axis, double value) {
  if (!axis.logarithmic) return (value - axis.low) / (axis.high - axis.low);
  return std::log(std::max(value, 1e-300) / axis.low) / std::log(axis.high / axis.low);
}

std::vector<double> ticks(const Axis& axis, int wanted) {
  std::vector<double> out;
  if (!(axis.high > axis.low)) return out;
  if (axis.logarithmic && axis.high / axis.low >= 4) {
    const double decades = std::log10(axis.high / axis.low);
    const std::vector<double> steps = decades > wanted ? std::vector<double>{1}
                                      : decades > 1.4  ? std::vector<double>{1, 3}
                                                       : std::vector<double>{1, 2, 5};
    const double skip = std::max(1.0, std::floor(decades / wanted));
    for (double power = std::floor(std::log10(axis.low)); power <= std::log10(axis.high); power += skip)
      for (const double step : steps) {
        const double value = step * std::pow(10, power);
        if (value >= axis.low * 0.999 && value <= axis.high * 1.001) out.push_back(value);
      }
    return out;
  }
  const double rough = (axis.high - axis.low) / std::max(1, wanted),
               power = std::pow(10, std::floor(std::log10(rough)));
  double step = power * 10;
  for (const double round : {1.0, 2.0, 5.0})
    if (power * round >= rough * 0.95) {
      step = power * round;
      break;
    }
  for (double value = std::ceil(axis.low / step - 1e-6) * step; value <= axis.high + step * 1e-6; value += step)
    out.push_back(std::abs(value) < step * 1e-6 ? 0 : value);
  return out;
}

std::string tick_text(double value) {
  const double size = std::abs(value);
  char text[32];
  if (size >= 1e6)
    std::snprintf(text, sizeof text, "%.3gM", value / 1e6);
  else if (size >= 1e3)
    std::snprintf(text, sizeof text, "%.3gk", value / 1e3);
  else
    std::snprintf(text, sizeof text, "%.3g", value);
  std::string out = text;
  if (out[0] == '-') out = "−" + out.substr(1);
  return out;
}

Axis axis_around(const std::vector<double>& values, const std::string& label, bool logarithmic) {
  double low = INFINITY, high = -INFINITY;
  for (const double v : values)
    if (std::isfinite(v) && (!logarithmic || v > 0)) low = std::min(low, v), high = std::max(high, v);
  if (low > high) return {label, logarithmic ? 1.0 : 0.0, logarithmic ? 10.0 : 1.0, logarithmic};
  if (logarithmic) {
    const double room = std::max(1.05, std::pow(high / low, 0.06));
    return {label, low / room, high * room, true};
  }
  const double room = high > low ? 0.06 * (high - low) : std::max(0.5, 0.05 * std::abs(high));
  return {label, low - room, high + room, false};
}

}  // namespace nr::report
