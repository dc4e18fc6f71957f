// A slider that shows one of several parts of the page.
#pragma once
#include <string>
#include <vector>

#include "report/html.h"

namespace nr::report {

struct Choice {
  std::string label;  // "+5"
  Markup inside;
};
// `first`: the choice that is shown before the slider is moved. A sound that plays goes on, from the same time, in the
// choice that is moved to.
Markup chooser(const std::string& title, const std::vector<Choice>& choices, size_t first);

}  // namespace nr::report
