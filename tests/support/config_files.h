// The configs of the source tree as parameters of tests.
#pragma once
#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace nr {

inline const std::string kSource = NR_SOURCE_DIR;

// A config's path as a test's name.
inline std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

}  // namespace nr
