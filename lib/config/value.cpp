#include "config/value.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/error.h"

namespace nr::config {
namespace {

// A config has some hundred values on five levels. YAML from elsewhere may nest or repeat itself without end.
constexpr int kMostLevels = 64, kMostNodes = 20000;

// Makes a Value of the parser's events. The limits are checked while it reads, so what exceeds them is never in memory.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const std::string& file) : file_(file) {}
  Value take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(Value::Kind::kNull, "", mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& text) override {
    leaf(Value::Kind::kScalar, text, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto named = anchors_.find(anchor);
    if (named == anchors_.end()) fail(where(mark), "an alias stands inside the value that it repeats");
    count(mark, named->second.nodes, named->second.levels);
    add(named->second.value, mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(Value::Kind::kList, mark, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(Value::Kind::kMap, mark, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {  // a list or table whose end has not come yet
    Value value;
    YAML::Mark mark;
    YAML::anchor_t anchor;
    std::string key;
    int key_line = 0;  // 0: of a table, a key comes next
  };
  struct Named {
    Value value;
    int nodes, levels;
  };

  std::string where(const YAML::Mark& mark) const { return text(file_, ":", mark.line + 1, ": "); }

  Value make(Value::Kind kind, const YAML::Mark& mark) const {
    Value value;
    value.kind = kind;
    value.file = file_;
    value.line = mark.line + 1;
    return value;
  }

  void count(const YAML::Mark& mark, int nodes, int levels) {
    if (int(open_.size()) + levels > kMostLevels)
      fail(where(mark), "nested deeper than ", kMostLevels, " levels, the limit");
    nodes_ += nodes;
    if (nodes_ > kMostNodes)
      fail(where(mark), "more than ", kMostNodes, " values, the limit (an alias counts as all that it repeats)");
  }

  void leaf(Value::Kind kind, const std::string& scalar, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark, 1, 1);
    Value value = make(kind, mark);
    value.scalar = scalar;
    remember(anchor, value, mark);
    add(std::move(value), mark);
  }
  void begin(Value::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (wants_key()) fail(where(mark), "a key must be a text, found a list or a table");
    count(mark, 1, 1);
    open_.push_back({make(kind, mark), mark, anchor, "", 0});
  }
  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    remember(done.anchor, done.value, done.mark);
    add(std::move(done.value), done.mark);
  }

  bool wants_key() const {
    return !open_.empty() && open_.back().value.kind == Value::Kind::kMap && open_.back().key_line == 0;
  }
  void add(Value value, const YAML::Mark& mark) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& in = open_.back();
    if (in.value.kind == Value::Kind::kList) {
      in.value.items.push_back(std::move(value));
    } else if (wants_key()) {
      if (value.kind != Value::Kind::kScalar) fail(where(mark), "a key must be a text");
      if (in.value.find(value.scalar)) fail(where(mark), "'", value.scalar, "' is given twice");
      in.key = value.scalar;
      in.key_line = mark.line + 1;
    } else {
      value.line = in.key_line;
      in.value.fields.emplace_back(in.key, std::move(value));
      in.key_line = 0;
    }
  }

  void remember(YAML::anchor_t anchor, const Value& value, const YAML::Mark& mark) {
    if (!anchor) return;
    const Named named{value, nodes_of(value), levels_of(value)};
    count(mark, named.nodes, 0);  // the copy that is kept
    anchors_.emplace(anchor, named);
  }
  static int nodes_of(const Value& value) {
    int out = 1;
    for (const Value& item : value.items) out += nodes_of(item);
    for (const auto& [key, field] : value.fields) out += nodes_of(field);
    return out;
  }
  static int levels_of(const Value& value) {
    int inside = 0;
    for (const Value& item : value.items) inside = std::max(inside, levels_of(item));
    for (const auto& [key, field] : value.fields) inside = std::max(inside, levels_of(field));
    return 1 + inside;
  }

  std::string file_;
  Value root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Named> anchors_;
  int nodes_ = 0;
};

bool is_scalar(const Value& value) { return value.kind == Value::Kind::kScalar; }

YAML::Node to_yaml(const Value& value) {
  YAML::Node node;
  switch (value.kind) {
    case Value::Kind::kNull: break;
    case Value::Kind::kScalar: node = value.scalar; break;
    case Value::Kind::kList:
      node = YAML::Node(YAML::NodeType::Sequence);
      for (const Value& item : value.items) node.push_back(to_yaml(item));
      if (std::all_of(value.items.begin(), value.items.end(), is_scalar))
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

Value parse_text(const std::string& yaml, const std::string& name) {
  if (yaml.size() > kMostBytes)
    fail(name, ": is ", yaml.size(), " bytes long, the limit of a YAML text is ", kMostBytes);
  try {
    std::istringstream in(yaml);
    YAML::Parser parser(in);
    Builder builder(name);
    parser.HandleNextDocument(builder);
    Value value = builder.take();
    if (value.kind == Value::Kind::kNull) value.kind = Value::Kind::kMap;
    return value;
  } catch (const YAML::Exception& error) {
    fail(name, ":", error.mark.line + 1, ": not YAML (", error.msg, ")");
  }
}

Value scalar(const std::string& text) {
  Value value;
  value.kind = Value::Kind::kScalar;
  value.scalar = text;
  return value;
}

std::string dump(const Value& value) { return YAML::Dump(to_yaml(value)) + "\n"; }

}  // namespace nr::config
