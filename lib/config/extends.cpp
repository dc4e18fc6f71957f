#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "config/value.h"

namespace nr::config {
namespace fs = std::filesystem;
namespace {

constexpr int kMostFiles = 100;

// One document and all that it extends.
class Loader {
 public:
  Value load(const fs::path& file) {
    std::error_code error;
    fs::path same = fs::weakly_canonical(file, error);
    if (error) same = file;
    if (std::find(open_.begin(), open_.end(), same) != open_.end()) fail(file.string(), ": extends itself");
    if (++files_ > kMostFiles) fail(file.string(), ": more than ", kMostFiles, " files extend one another, the limit");
    open_.push_back(same);
    Value own = parse_text(read_file(file, kMostBytes), file.string());
    Value out = extended(std::move(own), file.parent_path());
    open_.pop_back();
    return out;
  }

  Value extended(Value own, const fs::path& folder) {
    const auto is_extends = [](const auto& field) { return field.first == "extends"; };
    const auto at = std::find_if(own.fields.begin(), own.fields.end(), is_extends);
    if (at == own.fields.end()) return own;
    const Value extends = std::move(at->second);
    own.fields.erase(at);
    const bool several = extends.kind == Value::Kind::kList;
    Value root;
    for (const Value& base : several ? extends.items : std::vector<Value>{extends}) {
      const fs::path path = (folder / base.scalar).lexically_normal();
      if (!fs::exists(path)) fail(base.where(), "extends '", base.scalar, "', but there is no ", path.string());
      const Value loaded = load(path);
      if (root.kind == Value::Kind::kNull) root = loaded;
      else merge(root, loaded);
    }
    merge(root, own);
    return root;
  }

 private:
  std::vector<fs::path> open_;  // whose bases are being read
  int files_ = 0;
};

}  // namespace

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

Value extended(const Value& own, const fs::path& folder) { return Loader().extended(own, folder); }

Value load(const fs::path& file) {
  const std::string name = file.string();
  const size_t plus = name.find(".yaml+");
  if (plus == std::string::npos) return Loader().load(file);
  Value root = Loader().load(name.substr(0, plus + 5));
  merge(root, load(name.substr(plus + 6)));
  return root;
}

}  // namespace nr::config
