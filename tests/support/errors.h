// The sentence of an error is part of the interface.
#pragma once
#include <functional>
#include <string>

#include "base/error.h"

namespace nr {

inline std::string error_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace nr
