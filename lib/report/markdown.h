// The tree's own texts on a page: headings, paragraphs, tables, `code` and $formulas$ of Markdown.
#pragma once
#include <string>

#include "report/html.h"

namespace nr::report {

// A heading of n signs becomes one of level n + deeper. Error as of formula().
Markup markdown(const std::string& text, int deeper = 0);

}  // namespace nr::report
