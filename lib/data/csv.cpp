#include "data/csv.h"

#include "base/error.h"

namespace nr {

std::vector<CsvRow> parse_csv(const std::string& text, const std::string& name) {
  std::vector<CsvRow> rows;
  CsvRow row{1, {}};
  std::string cell;
  int line = 1, quote_line = 0;
  bool quoted = false, was_quoted = false;
  const auto end_cell = [&] {
    row.cells.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
  };
  const auto end_row = [&] {
    const bool blank = row.cells.empty() && cell.empty() && !was_quoted;
    if (!blank) {
      end_cell();
      rows.push_back(std::move(row));
    }
    row = {line, {}};
  };
  size_t i = text.compare(0, 3, "\xEF\xBB\xBF") == 0 ? 3 : 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"') cell += text[++i];
      else quoted = false;
    } else if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
      quote_line = line;
    } else if (c == ',') {
      end_cell();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r' || i + 1 == text.size() || text[i + 1] != '\n') {
      cell += c;
    }
  }
  if (quoted) fail(name, ":", quote_line, ": a quote opens here and never closes");
  end_row();
  return rows;
}

std::string csv_cell(const std::string& value) {
  const bool like_a_mark = value.compare(0, 3, "\xEF\xBB\xBF") == 0;  // of byte order, which a reader drops
  if (!like_a_mark && value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace nr
