// manifest.csv: one recording a row. The column `path` is relative to the file's folder; every other column is a label.
// NSynth's examples.json: one object a note; its sound is audio/NAME.wav beside it, its fields are the labels.
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

// By the extension. Error with the line when it cannot be understood.
Manifest read_manifest(const std::filesystem::path& file);
// The same of a file's contents.
Manifest parse_manifest(const std::string& contents, const std::filesystem::path& file);

}  // namespace nr
