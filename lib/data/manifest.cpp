#include "data/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "data/csv.h"

namespace nr {
namespace {

Manifest parse_rows(const std::string& contents, const std::filesystem::path& file) {
  const std::vector<CsvRow> rows = parse_csv(contents, file.string());
  Manifest out;
  if (rows.empty()) return out;
  out.columns = rows[0].cells;
  const size_t path = std::find(out.columns.begin(), out.columns.end(), "path") - out.columns.begin();
  out.has_path = path < out.columns.size();
  if (!out.has_path) return out;
  for (size_t i = 1; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    if (row.cells.size() != out.columns.size())
      fail(file.string(), ":", row.line, ": ", row.cells.size(), " cells, the header has ", out.columns.size());
    if (row.cells[path].empty()) fail(file.string(), ":", row.line, ": the path is empty");
    Manifest::Entry entry{row.line, row.cells[path], {}};
    for (size_t c = 0; c < row.cells.size(); ++c)
      if (c != path) entry.labels[out.columns[c]] = row.cells[c];
    out.entries.push_back(std::move(entry));
  }
  return out;
}

std::string label_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string out;
  for (const auto& item : value) out += (out.empty() ? "" : " ") + label_text(item);
  return out;
}

Manifest parse_examples(const std::string& contents, const std::filesystem::path& file) {
  const auto root = nlohmann::json::parse(contents, nullptr, false);
  if (!root.is_object()) fail(file.string(), ": is not a JSON object of notes, as NSynth's examples.json is");
  Manifest out;
  for (const auto& [name, fields] : root.items()) {
    if (!fields.is_object()) continue;
    Manifest::Entry entry{0, "audio/" + name + ".wav", {}};
    for (const auto& [label, value] : fields.items()) entry.labels[label] = label_text(value);
    out.entries.push_back(std::move(entry));
  }
  out.has_path = !out.entries.empty();
  return out;
}

}  // namespace

Manifest read_manifest(const std::filesystem::path& file) { return parse_manifest(read_file(file), file); }

Manifest parse_manifest(const std::string& contents, const std::filesystem::path& file) {
  return file.extension() == ".json" ? parse_examples(contents, file) : parse_rows(contents, file);
}

}  // namespace nr
