// The row of systems/table.cpp: see prior.cpp.
#pragma once
#include "systems/table.h"

namespace nr {

std::vector<PartKind> prior_parts();
std::vector<ValueOffer> prior_values(const RunConfig& config);
void check_prior(const RunConfig& config, const config::Located& at);
std::unique_ptr<System> make_prior(const RunConfig& config, const std::filesystem::path& folder);

}  // namespace nr
