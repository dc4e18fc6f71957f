// Every target in one table: what its own file makes of the scored sound, and at what cost. Torch-free: apps include
// it.
#pragma once
#include "deploy/deploy.h"

namespace nr {

struct CheckedTarget {
  std::string target, precision, player;
  std::string refused;  // why it does not ship; empty: it does
  double snr_db = 0, largest = 0;  // against LibTorch: signal to error, and the largest difference
  int64_t bytes = 0;               // of the file
  double times_real_time = 0;      // on one core, by the player
};

// Of every precision that a target holds, or of the one that the config names. Each is written into memory, read back
// and played. Error when the run cannot be read or there is no sound.
std::vector<CheckedTarget> check_targets(const ExportConfig& config);
std::string to_text(const std::vector<CheckedTarget>& rows);

}  // namespace nr
