#include "config/difference.h"

namespace nr::config {
namespace {

std::string in_a_line(const Value* value) {
  if (!value || value->kind == Value::Kind::kNull) return "-";
  if (value->kind == Value::Kind::kScalar) return value->scalar;
  std::string out;
  for (const Value& item : value->items) out += (out.empty() ? "" : ", ") + in_a_line(&item);
  for (const auto& [key, item] : value->fields) out += (out.empty() ? "" : ", ") + key + ": " + in_a_line(&item);
  return value->kind == Value::Kind::kList ? "[" + out + "]" : "{" + out + "}";
}

void compare(const std::string& path, const Value* before, const Value* after, std::vector<Difference>& out) {
  const bool tables = before && after && before->kind == Value::Kind::kMap && after->kind == Value::Kind::kMap;
  if (!tables) {
    const std::string a = in_a_line(before), b = in_a_line(after);
    if (a != b) out.push_back({path, a, b});
    return;
  }
  const auto below = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
  for (const auto& [key, value] : before->fields) compare(below(key), &value, after->find(key), out);
  for (const auto& [key, value] : after->fields)
    if (!before->find(key)) compare(below(key), nullptr, &value, out);
}

}  // namespace

std::vector<Difference> differences(const Value& before, const Value& after) {
  std::vector<Difference> out;
  compare("", &before, &after, out);
  return out;
}

}  // namespace nr::config
