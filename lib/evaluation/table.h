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

// What a clip was asked for and what it gave, on average.
struct Means {
  std::string part;
  double asked, measured;  // NaN where neither is defined
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
  std::vector<Means> (*means)(const Observation&, const std::vector<Scale>&) = nullptr;  // in place of measure: Pearson's correlation across clips
};
const Table<Metric>& metrics();

}  // namespace nr
