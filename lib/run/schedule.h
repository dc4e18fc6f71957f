// A number that may change with the step: a weight or a learning rate.
#pragma once
#include <cstdint>
#include <string>

#include "config/value.h"

namespace nr {

// YAML: `0.1`, or `{ramp: [from, to, start, end]}`: `from` until step `start`, linear to `to` at `end`. Three numbers: start is 0.
// A `log` at its end makes it linear in the logarithm. Steps count from the phase's beginning. F-RAVE's published beta is
// {ramp: [0, 0.1, 5000, 10000]}, RAVE v2's {ramp: [1e-6, 0.05, 20000, log]}.
struct Schedule {
  double from = 0, to = 0;
  int64_t start = 0, end = 0;
  bool logarithmic = false;

  Schedule() = default;
  Schedule(double constant) : from(constant), to(constant) {}
  double at(int64_t step) const;
  void read(const config::Value& value, const std::string& path);
  config::Value write() const;
};

}  // namespace nr
