// The page's look: system fonts, one column, light and dark by the reader's setting, nothing fetched.
#pragma once

namespace nr::report {

extern const char* const kStyle;

}  // namespace nr::report
