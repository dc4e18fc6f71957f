// CSV as people and spreadsheets write it (RFC 4180): quoted cells, commas and newlines inside quotes, CRLF, a
// byte-order mark.
#pragma once
#include <string>
#include <vector>

namespace nr {

struct CsvRow {
  int line = 0;                    // where it begins, from 1
  std::vector<std::string> cells;
};

// Rows without the empty ones. `name` is for the error: a quote that never closes.
std::vector<CsvRow> parse_csv(const std::string& text, const std::string& name);

// The cell as it must be written.
std::string csv_cell(const std::string& value);

}  // namespace nr
