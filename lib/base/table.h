// Rows with a `name`, such as all descriptors or all losses. A table stands behind a function; nothing registers
// itself.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "base/names.h"

namespace nr {

template <class Row>
struct Table {
  std::string what;  // "descriptor", "loss": for the error
  std::vector<Row> rows;

  const Row* find(const std::string& name) const {
    for (const Row& row : rows)
      if (name == row.name) return &row;
    return nullptr;
  }
  const Row& at(const std::string& name) const {
    if (const Row* row = find(name)) return *row;
    fail("no ", what, " named '", name, "'", hint(name, names()));
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const Row& row : rows) out.push_back(row.name);
    return out;
  }
};

}  // namespace nr
