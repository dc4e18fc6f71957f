#include "systems/table.h"

#include "systems/system.h"

namespace nr {

const Table<SystemKind>& systems() {
  static const Table<SystemKind> table{"system",
                                       {rave_system("rave"), rave_system("rave_v2"), mel_vae_system(), prior_system(),
                                        synthesizer_system(), wae_system(), vocoder_system(), effects_system()}};
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
