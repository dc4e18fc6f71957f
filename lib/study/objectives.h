// The objectives as implemented, for the pages of studies: lib/losses/README.md, which is built in.
#pragma once
#include <string>

namespace nr {

extern const char* const kObjectives;  // Markdown
std::string objectives_page();

}  // namespace nr
