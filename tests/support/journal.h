// A run's journal without what depends on the clock.
#pragma once
#include <filesystem>
#include <sstream>
#include <string>

#include "base/files.h"

namespace nr {

inline std::string journal_of(const std::filesystem::path& run) {
  std::istringstream lines(read_file(run / "journal.jsonl"));
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    for (const std::string key : {"\"seconds\":", "\"steps_per_second\":"})
      if (const size_t at = line.find(key); at != std::string::npos)
        line.erase(at, line.find_first_of(",}", at) - at);
    out += line + "\n";
  }
  return out;
}

}  // namespace nr
