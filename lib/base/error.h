// The one error type. It is thrown where input is read (files, configs, graphs). Where a program can go on without
// that input, as `prepare` does without one recording, it is caught there; else run_main prints it as one line.
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
