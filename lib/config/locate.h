// Where in a document a field stands: for errors that are found after reading, when fields are checked against one
// another.
#pragma once
#include <string>

#include "base/error.h"
#include "config/value.h"

namespace nr::config {

// The value at a dotted path, or the nearest one above it that exists.
const Value& locate(const Value& root, const std::string& path);

struct Located {
  const Value& root;

  // Error: "configs/x.yaml:7: training.batch: ...".
  template <class... Parts>
  [[noreturn]] void fail(const std::string& path, const Parts&... parts) const {
    nr::fail(locate(root, path).where(), path, parts...);
  }
};

}  // namespace nr::config
