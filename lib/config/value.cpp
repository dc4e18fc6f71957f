#include "config/value.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"

namespace nr::config {
namespace fs = std::filesystem;
namespace {

Value convert(const YAML::Node& node, const std::string& file) {
  Value value;
  value.file = file;
  value.line = node.Mark().line + 1;
  switch (node.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null: break;
    case YAML::NodeType::Scalar:
      value.kind = Value::Kind::kScalar;
      value.scalar = node.Scalar();
      break;
    case YAML::NodeType::Sequence:
      value.kind = Value::Kind::kList;
      for (const auto& item : node) value.items.push_back(convert(item, file));
      break;
    case YAML::NodeType::Map:
      value.kind = Value::Kind::kMap;
      for (const auto& field : node) {
        const std::string key = field.first.Scalar();
        if (value.find(key)) fail(file, ":", field.first.Mark().line + 1, ": '", key, "' is given twice");
        Value inner = convert(field.second, file);
        inner.line = field.first.Mark().line + 1;
        value.fields.emplace_back(key, std::move(inner));
      }
      break;
  }
  return value;
}

void merge(Value& below, const Value& above) {
  if (below.kind != Value::Kind::kMap || above.kind != Value::Kind::kMap) {
    below = above;
    return;
  }
  // A variant of another type starts afresh: the old alternative's fields would be unknown to the new one.
  const Value *old_type = below.find("type"), *new_type = above.find("type");
  if (old_type && new_type && old_type->scalar != new_type->scalar) {
    below = above;
    return;
  }
  for (const auto& [key, value] : above.fields) merge(below[key], value);
}

Value load_below(const fs::path& file, std::vector<fs::path> open) {
  if (std::find(open.begin(), open.end(), file) != open.end()) fail(file.string(), ": extends itself");
  open.push_back(file);
  Value own = parse_text(read_file(file), file.string());
  const Value* extends = own.find("extends");
  if (!extends) return own;
  const std::vector<Value> bases = extends->kind == Value::Kind::kList ? extends->items : std::vector<Value>{*extends};
  Value root;
  for (const Value& base : bases) {
    const fs::path path = (file.parent_path() / base.scalar).lexically_normal();
    if (!fs::exists(path)) fail(base.where(), "extends '", base.scalar, "', but there is no ", path.string());
    const Value loaded = load_below(path, open);
    root.kind == Value::Kind::kNull ? root = loaded : (merge(root, loaded), root);
  }
  own.fields.erase(std::find_if(own.fields.begin(), own.fields.end(), [](const auto& f) { return f.first == "extends"; }));
  merge(root, own);
  return root;
}

YAML::Node to_yaml(const Value& value) {
  YAML::Node node;
  switch (value.kind) {
    case Value::Kind::kNull: break;
    case Value::Kind::kScalar: node = value.scalar; break;
    case Value::Kind::kList:
      node = YAML::Node(YAML::NodeType::Sequence);
      for (const Value& item : value.items) node.push_back(to_yaml(item));
      if (std::all_of(value.items.begin(), value.items.end(), [](const Value& v) { return v.kind == Value::Kind::kScalar; }))
        node.SetStyle(YAML::EmitterStyle::Flow);
      break;
    case Value::Kind::kMap:
      node = YAML::Node(YAML::NodeType::Map);
      for (const auto& [key, field] : value.fields) node[key] = to_yaml(field);
      break;
  }
  return node;
}

}  // namespace

const Value* Value::find(const std::string& key) const {
  for (const auto& [name, value] : fields)
    if (name == key) return &value;
  return nullptr;
}

Value& Value::operator[](const std::string& key) {
  if (kind != Kind::kMap) kind = Kind::kMap, fields.clear();
  for (auto& [name, value] : fields)
    if (name == key) return value;
  fields.emplace_back(key, Value{});
  return fields.back().second;
}

std::string Value::where() const { return line > 0 ? text(file, ":", line, ": ") : text(file, ": "); }

Value load(const fs::path& file) {
  const std::string name = file.string();
  const size_t plus = name.find(".yaml+");
  if (plus == std::string::npos) return load_below(file, {});
  Value root = load_below(name.substr(0, plus + 5), {});
  merge(root, load(name.substr(plus + 6)));
  return root;
}

Value parse_text(const std::string& yaml, const std::string& name) {
  try {
    Value value = convert(YAML::Load(yaml), name);
    if (value.kind == Value::Kind::kNull) value.kind = Value::Kind::kMap;
    return value;
  } catch (const YAML::Exception& error) {
    fail(name, ":", error.mark.line + 1, ": not YAML (", error.msg, ")");
  }
}

void set(Value& root, const std::string& key, const std::string& yaml) {
  Value* at = &root;
  size_t start = 0;
  while (start <= key.size()) {
    const size_t end = std::min(key.find('.', start), key.size());
    const std::string part = key.substr(start, end - start);
    if (part.empty()) fail("--set ", key, ": an empty name");
    const bool number = part.size() < 6 && std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c); });
    if (at->kind == Value::Kind::kList) {
      if (!number || std::stoul(part) >= at->items.size())
        fail("--set ", key, ": '", part, "' is not an item of a list of ", at->items.size());
      at = &at->items[std::stoul(part)];
    } else if (number && !at->find(part) && std::stoul(part) < at->fields.size()) {
      at = &at->fields[std::stoul(part)].second;  // "phases.0": a table's first entry
    } else {
      at = &(*at)[part];
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

Value scalar(const std::string& text) {
  Value value;
  value.kind = Value::Kind::kScalar;
  value.scalar = text;
  return value;
}

std::string dump(const Value& value) { return YAML::Dump(to_yaml(value)) + "\n"; }

}  // namespace nr::config
