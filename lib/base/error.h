// The one error type. Thrown at the boundaries (files, configs, graphs), caught once in each main, printed as one line.
#pragma once
#include <sstream>
#include <stdexcept>
#include <string>

namespace nr {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Joins anything printable: text("expected ", 3, " bands").
template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

// Says where, what was found, what was expected.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  throw Error(text(parts...));
}

}  // namespace nr
