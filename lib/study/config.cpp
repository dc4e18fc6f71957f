#include "study/config.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"
#include "evaluation/table.h"
#include "systems/table.h"

namespace nr {
namespace fs = std::filesystem;

void ConfigPart::read(const config::Value& value, const std::string& path) {
  const fs::path folder = fs::path(value.file).parent_path();
  if (value.kind == config::Value::Kind::kScalar) {
    const fs::path file = folder / value.scalar;
    if (!fs::exists(file)) fail(value.where(), path, ": there is no ", file.string());
    source = config::load(file);
  } else if (value.kind == config::Value::Kind::kMap) {
    source = config::extended(value, folder);
  } else {
    fail(value.where(), path, " must be a file's name or a table of fields");
  }
}

StudyConfig read_study(const fs::path& file) {
  const config::Value root = config::load(file);
  const auto study = config::read<StudyConfig>(root);
  if (study.rows.empty()) fail(file.string(), ": rows: a study needs at least one");
  if (study.out.empty()) fail(file.string(), ": out: expected the folder of the study's runs and tables");
  for (const auto& [name, row] : study.rows)
    if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos)
      fail(root.find("rows")->find(name)->where(), "rows: '", name, "' cannot be the name of a folder");
  for (const auto& [source, rows] : study.published)
    for (const auto& [name, values] : rows)
      for (const auto& [metric, value] : values)
        if (!metrics().find(metric))
          fail(root.find("published")->find(source)->find(name)->where(), "published.", name, ": unknown metric '",
               metric, "'", hint(metric, metrics().names()));
  if (study.seeds.empty()) fail(root.where(), "seeds: expected at least one");
  if (std::set<int64_t>(study.seeds.begin(), study.seeds.end()).size() != study.seeds.size())
    fail(root.find("seeds")->where(), "seeds: one stands twice");
  return study;
}

std::string profile_of(const StudyConfig& study, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [profile, part] : study.profiles) names.push_back(profile);
  if (name.empty()) return names.empty() ? "" : names[0];
  if (!contains(names, name)) fail("--profile ", name, ": the study has no such profile", hint(name, names));
  return name;
}

RunConfig row_config(const StudyConfig& study, size_t row, const std::string& profile, int64_t seed) {
  config::Value root = study.rows[row].second.source;
  for (const auto& [name, part] : study.profiles)
    if (name == profile) config::merge(root, part.source);
  config::set(root, "seed", std::to_string(seed));
  return read_run_config(root);
}

}  // namespace nr
