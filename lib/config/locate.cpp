#include "config/locate.h"

#include <sstream>

namespace nr::config {

const Value& locate(const Value& root, const std::string& path) {
  const Value* at = &root;
  std::istringstream keys(path);
  for (std::string key; std::getline(keys, key, '.');) {
    const Value* next = at->find(key);
    if (!next) break;
    at = next;
  }
  return *at;
}

}  // namespace nr::config
