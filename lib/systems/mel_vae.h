// The row of systems/table.cpp: see mel_vae.cpp.
#pragma once
#include "systems/table.h"

namespace nr {

std::vector<PartKind> mel_vae_parts();
std::vector<ValueOffer> mel_vae_values(const RunConfig& config);
void check_mel_vae(const RunConfig& config, const config::Located& at);
std::unique_ptr<System> make_mel_vae(const RunConfig& config, const std::filesystem::path& folder);

}  // namespace nr
