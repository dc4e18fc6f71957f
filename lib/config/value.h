// A YAML document as plain data in which every value remembers the file and line it came from, so that an error
// after `extends:` and `--set` still names the right place. yaml-cpp stays behind value.cpp.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace nr::config {

struct Value {
  enum class Kind { kNull, kScalar, kList, kMap } kind = Kind::kNull;
  std::string scalar;
  std::vector<Value> items;                             // kList
  std::vector<std::pair<std::string, Value>> fields;    // kMap, in the order written
  std::string file;                                     // "--set" for one given on the command line
  int line = 0;                                         // from 1; 0 where there is none

  const Value* find(const std::string& key) const;
  Value& operator[](const std::string& key);            // makes the field (and the map) when absent
  std::string where() const;                            // "configs/x.yaml:7: "
};

// Reads a document; `extends: base.yaml` (relative to the file; a list is merged left to right) is merged below it:
// maps deeply, lists and scalars replaced. "a.yaml+b.yaml" is a file that only extends [a.yaml, b.yaml].
Value load(const std::filesystem::path& file);
Value parse_text(const std::string& text, const std::string& name = "text");

// `key` is a path: "phases.0.steps". The value is YAML: "3", "[4, 4, 2]", "{type: rave}".
void set(Value& root, const std::string& key, const std::string& yaml);
// "phases.0.steps=3", as given to --set.
void set(Value& root, const std::string& assignment);

Value scalar(const std::string& text);
std::string dump(const Value& value);

}  // namespace nr::config
