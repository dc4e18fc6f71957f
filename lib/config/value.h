// A YAML document as plain data. Every value remembers the file and line it came from, so that an error after
// `extends:` and `--set` still names the right place. yaml-cpp stays behind value.cpp.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace nr::config {

constexpr size_t kMostBytes = size_t(1) << 20;  // of a YAML text

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

// Reads a file. What it names in `extends: base.yaml` is merged below it: tables field by field, lists and scalars are
// replaced. A base is relative to the file; of several, `extends: [a.yaml, b.yaml]`, the later stand above the earlier.
// "a.yaml+b.yaml" is a file that only extends [a.yaml, b.yaml].
// Error when a file extends itself, or more than 100 files take part.
Value load(const std::filesystem::path& file);

// Lays `above` over `below`, as a file is laid over what it extends.
void merge(Value& below, const Value& above);
// The same for a table in a file: what its `extends` names is relative to `folder`. Without one, the table as it is.
Value extended(const Value& own, const std::filesystem::path& folder);

// One document. Error with the line when it is no YAML, or exceeds a limit: 1 MiB of text, 64 levels, 20000 values.
Value parse_text(const std::string& text, const std::string& name = "text");

// `key` is a path: "training.phases.representation.steps". A number is the place of an item in a list, or of an entry
// in a table: "training.phases.0.steps". The value is YAML: "3", "[4, 4, 2]", "{type: rave}".
void set(Value& root, const std::string& key, const std::string& yaml);
// "seed=3", as given to --set.
void set(Value& root, const std::string& assignment);

Value scalar(const std::string& text);
std::string dump(const Value& value);

}  // namespace nr::config
