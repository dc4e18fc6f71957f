#include "systems/table.h"

#include "systems/mel_vae.h"
#include "systems/prior.h"
#include "systems/rave.h"
#include "systems/system.h"

namespace nr {

const Table<SystemKind>& systems() {
  static const Table<SystemKind> table{"system",
                                       {
                                           {"rave", rave_parts(), rave_values, check_rave, make_rave},
                                           {"rave_v2", rave_parts(), rave_values, check_rave, make_rave},
                                           {"mel_vae", mel_vae_parts(), mel_vae_values, check_mel_vae, make_mel_vae},
                                           {"prior", prior_parts(), prior_values, check_prior, make_prior},
                                       }};
  return table;
}

void System::to(torch::Device device) {
  device_ = device;
  for (const Part& part : parts_) part.module->to(device);
}

std::unique_ptr<System> make_system(const RunConfig& config, const std::filesystem::path& folder) {
  return systems().at(type_of(config.model)).make(config, folder);
}

}  // namespace nr
