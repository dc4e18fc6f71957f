// Every metric there is. A new one: a function from an Observation to named numbers, and one row in table.cpp.
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "base/table.h"
#include "evaluation/observe.h"

namespace nr {

// In results.json. Raised when a metric's name, unit or meaning changes. Version 1 is a file without this number. Its
// distances to training combinations are control_reach_all and control_reach_one. Its unit of positions is "knob". From
// version 3 on there are metrics of interior frames, and floors.
constexpr int kMetricsVersion = 3;

struct Number {
  std::string part;  // "" for the headline, else the control ("centroid") or the side ("others")
  double value;      // NaN where it is undefined for this clip
  std::string unit = "";
};

// Mean asked and mean measured position of a control in one clip.
struct Means {
  std::string part;
  double asked, measured;  // NaN where neither is defined
};

struct Metric {
  enum class Better { kHigher, kLower, kNeither };
  enum class Needs {
    kNothing,
    kControls,  // a model with controls, and another clip's curves
    kCurves,    // the same, and nothing but asked and measured curves: floors have it too
  };
  const char* name;   // in JSON: "control_pearson_all"
  const char* title;  // in tables
  const char* brief;  // a column head: "Pearson, all"
  const char* unit;   // of the headline
  Better better;
  Needs needs;
  const char* reading;  // for someone who has not read the paper
  // Empty: not for this model. Null: of another kind of model (table_others.cpp).
  std::vector<Number> (*measure)(const Observation&, const std::vector<Scale>&);
  // In place of `measure`: the metric is Pearson's correlation of these across clips.
  std::vector<Means> (*means)(const Observation&, const std::vector<Scale>&) = nullptr;
  // In place of `measure`: the metric is of the whole set. What a clip adds to it, and from the additions of all clips
  // at a sample rate each clip's numbers, whose means are those of the set.
  std::vector<double> (*adds)(const Observation&, const std::vector<Scale>&) = nullptr;
  std::vector<std::vector<Number>> (*of_set)(const std::vector<std::vector<double>>&, const std::vector<Scale>&,
                                             int sample_rate) = nullptr;
  // A mean below this is marked in every table, with these words.
  double least = -std::numeric_limits<double>::infinity();
  const char* failure = "";
};
const Table<Metric>& metrics();
std::vector<Metric> metrics_of_others();  // part of it

inline bool needs_controls(const Metric& metric) { return metric.needs != Metric::Needs::kNothing; }

// NaN does not fail.
inline bool fails(const Metric& metric, double mean) { return mean < metric.least; }

}  // namespace nr
