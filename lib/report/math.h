// Formulas in the part of TeX that the tree's own texts use, as MathML, which browsers draw without a library.
#pragma once
#include <string>

#include "report/html.h"

namespace nr::report {

// display: on a line of its own. Error with the place for a command that is not known and a brace that is not closed.
Markup formula(const std::string& tex, bool display = false);

}  // namespace nr::report
