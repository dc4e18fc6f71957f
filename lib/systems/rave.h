// The row of systems/table.cpp: see rave.cpp.
#pragma once
#include "systems/table.h"

namespace nr {

std::vector<PartKind> rave_parts();
std::vector<ValueOffer> rave_values(const RunConfig& config);
void check_rave(const RunConfig& config, const config::Located& at);
std::unique_ptr<System> make_rave(const RunConfig& config, const std::filesystem::path& folder);

}  // namespace nr
