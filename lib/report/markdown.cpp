#include "report/markdown.h"

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "report/math.h"

namespace nr::report {
namespace {

// Text with `code` and $formulas$.
Markup line_of(const std::string& text) {
  Markup out;
  for (size_t at = 0; at < text.size();) {
    const size_t mark = text.find_first_of("`$", at);
    out += escaped(text.substr(at, mark == std::string::npos ? mark : mark - at));
    if (mark == std::string::npos) break;
    const size_t end = text.find(text[mark], mark + 1);
    if (end == std::string::npos) fail("Markdown: ", text[mark], " is not closed in: ", text);
    const std::string inside = text.substr(mark + 1, end - mark - 1);
    out += text[mark] == '$' ? formula(inside) : element("code", {}, inside);
    at = end + 1;
  }
  return out;
}

// "| a | b |" -> a, b. A sign | within a formula or code is no border.
std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> out;
  char open = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (open ? c == open : c == '`' || c == '$') open = open ? 0 : c;
    if (c == '|' && !open) out.emplace_back();
    else if (!out.empty()) out.back() += c;
  }
  if (!out.empty()) out.pop_back();  // behind the last border
  return out;
}

Markup row_of(const std::string& row, const std::string& tag) {
  Markup out;
  for (const std::string& cell : cells_of(row)) out += element(tag, {}, line_of(cell));
  return element("tr", {}, out);
}

Markup table_of(const std::vector<std::string>& lines) {
  Markup rows;
  for (size_t i = 2; i < lines.size(); ++i) rows += row_of(lines[i], "td");
  return element("div", {{"class", "wide"}},
                 element("table", {}, element("thead", {}, row_of(lines[0], "th")) + element("tbody", {}, rows)));
}

}  // namespace

Markup markdown(const std::string& text, int deeper) {
  Markup out;
  std::vector<std::string> block;
  const auto close = [&] {
    if (block.empty()) return;
    const std::string& first = block[0];
    std::string joined;
    for (const std::string& line : block) joined += (joined.empty() ? "" : " ") + line;
    if (first[0] == '#') {
      const size_t signs = first.find_first_not_of('#');
      const int level = std::min(6, int(signs) + deeper);
      out += element("h" + std::to_string(level), {}, line_of(joined.substr(signs + 1)));
    } else if (first[0] == '|' && block.size() > 2) {
      out += table_of(block);
    } else if (joined.compare(0, 2, "$$") == 0 && joined.size() > 4) {
      out += element("p", {}, formula(joined.substr(2, joined.size() - 4), true));
    } else {
      out += element("p", {}, line_of(joined));
    }
    block.clear();
  };
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) close();
    else block.push_back(line);
  }
  close();
  return out;
}

}  // namespace nr::report
