#include "data/manifest.h"

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "data/csv.h"

namespace nr {

Manifest read_manifest(const std::filesystem::path& file) {
  const std::vector<CsvRow> rows = parse_csv(read_file(file), file.string());
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

}  // namespace nr
