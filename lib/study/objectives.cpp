#include "study/objectives.h"

#include "report/markdown.h"

namespace nr {

std::string objectives_page() {
  return report::page("The objectives, as implemented", report::markdown(kObjectives));
}

}  // namespace nr
