// A control's value in [-1, 1] <-> its physical value, and quantile classes: a descriptor's range over the training
// split, or a knob's (effects/knobs.h), which is set and never measured.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "descriptors/config.h"
#include "descriptors/descriptor.h"

namespace nr {

struct Scale {
  std::string descriptor;     // or the knob's name
  double low = 0, high = 1;   // 1 % and 99 % quantiles in warped units
  std::vector<double> edges;  // classes - 1, strictly increasing, warped; a value's class is the number of edges <= it
  std::string knob = {};      // how a knob turns, "linear" or "octave"; empty: a descriptor
  std::string knob_unit{"1"};

  bool measured() const { return knob.empty(); }
  Warp warp() const;
  const char* unit() const;
  float normalise(float physical) const;   // -> [-1, 1], clipped; NaN stays NaN
  float physical(float normalised) const;  // inverse on [-1, 1]
  int class_of(float physical) const;      // 0 ... edges.size(); NaN: 0

  template <class V>
  void fields(V& v) {
    v("descriptor", descriptor);
    v("low", low);
    v("high", high);
    v("edges", edges);
    v("knob", knob, config::one_of({"", "linear", "octave"}));
    v("knob_unit", knob_unit);
  }
};

// Ends of physical ranges that are fixed, by descriptor, in place of the training split's quantiles.
struct FixedRange {
  std::optional<double> low, high;
};
using Ranges = std::map<std::string, FixedRange>;

// As a checkpoint stores them: one a control, in order.
struct Scales {
  std::vector<Scale> scales;

  template <class V>
  void fields(V& v) {
    v("scales", scales);
  }
};

// values: physical, of active frames only, because silence must not fill the classes. NaNs are left out. Error when
// fewer than two different values are left. No class stays empty where there are enough different values.
Scale fit_scale(const std::string& descriptor, std::vector<float> values, int classes);

}  // namespace nr
