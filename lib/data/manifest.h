// manifest.csv: one recording a row. The column `path` is relative to the file's folder; every other column is a label.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace nr {

struct Manifest {
  struct Entry {
    int line;
    std::string path;
    std::map<std::string, std::string> labels;
  };
  std::vector<std::string> columns;
  std::vector<Entry> entries;
  bool has_path = false;  // without it there are no entries
};

Manifest read_manifest(const std::filesystem::path& file);

}  // namespace nr
