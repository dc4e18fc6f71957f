// A chain of effects over a recording, in constant memory.
#pragma once
#include <filesystem>
#include <string>

#include "effects/chain.h"

namespace nr {

struct ApplyReport {
  std::string links;     // what was drawn: describe()
  double seconds = 0;    // of sound
  double gain_db = 0;    // of level-matching
  double peak = 0;       // of the wet sound, full scale 1
  int64_t clipped = 0;   // samples beyond full scale, which the WAV limits
};

// draw: which of the chain's draws, Random(config.seed, draw). The mean of the recording's channels, at its own rate,
// becomes a 16-bit WAV of the same length. Error as of check_sound. Then, and when interrupted, nothing is written.
ApplyReport apply_to_file(const ChainConfig& config, uint64_t draw, const std::filesystem::path& in,
                          const std::filesystem::path& out);

}  // namespace nr
