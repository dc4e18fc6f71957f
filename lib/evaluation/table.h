// Every metric there is. A new one: a function from an Observation to named numbers, and one row in table.cpp.
#pragma once
#include <string>
#include <vector>

#include "base/table.h"
#include "evaluation/observe.h"

namespace nr {

struct Number {
  std::string part;  // "" for the headline, else the control ("centroid") or the side ("others")
  double value;      // NaN where it is undefined for this clip
  std::string unit = "";
};

struct Metric {
  enum class Better { kHigher, kLower, kNeither };
  const char* name;   // in JSON: "control_pearson_all"
  const char* title;  // in tables
  const char* brief;  // a column head: "Pearson, all"
  const char* unit;   // of the headline
  Better better;
  bool needs_controls;
  const char* reading;  // one sentence for someone who has not read the paper
  std::vector<Number> (*measure)(const Observation&, const std::vector<Scale>&);
};
const Table<Metric>& metrics();

}  // namespace nr
