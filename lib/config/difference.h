// What differs between two documents, field by field.
#pragma once
#include <string>
#include <vector>

#include "config/value.h"

namespace nr::config {

struct Difference {
  std::string path;           // "training.batch"
  std::string before, after;  // as YAML in one line; "-": absent
};

// Lists are compared whole, tables by their keys, whose order counts nothing.
std::vector<Difference> differences(const Value& before, const Value& after);

}  // namespace nr::config
