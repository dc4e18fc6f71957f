#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "config/value.h"

namespace nr::config {
namespace {

bool is_digit(unsigned char c) { return std::isdigit(c); }

}  // namespace

void set(Value& root, const std::string& key, const std::string& yaml) {
  Value* at = &root;
  size_t start = 0;
  while (start <= key.size()) {
    const size_t end = std::min(key.find('.', start), key.size());
    const std::string part = key.substr(start, end - start);
    if (part.empty()) fail("--set ", key, ": an empty name");
    const bool number = part.size() < 6 && std::all_of(part.begin(), part.end(), is_digit);
    if (at->kind == Value::Kind::kList) {
      if (!number || std::stoul(part) >= at->items.size())
        fail("--set ", key, ": '", part, "' is not an item of a list of ", at->items.size());
      at = &at->items[std::stoul(part)];
    } else if (number && !at->find(part) && std::stoul(part) < at->fields.size()) {
      at = &at->fields[std::stoul(part)].second;  // a table's entry by its place
    } else {
      at = &(*at)[part];
      if (at->file.empty()) at->file = "--set " + key;
    }
    start = end + 1;
  }
  *at = parse_text("v: " + yaml, "--set " + key).fields.at(0).second;
  at->line = 0;
}

void set(Value& root, const std::string& assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos) fail("--set ", assignment, ": expected key=value");
  set(root, assignment.substr(0, equals), assignment.substr(equals + 1));
}

}  // namespace nr::config
