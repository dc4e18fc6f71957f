// Recordings -> cache, once: decoded, mixed to mono, resampled, measured, split. Re-run = only what changed.
#pragma once
#include <string>
#include <vector>

#include "data/config.h"
#include "descriptors/config.h"

namespace nr {

struct Verdict {
  std::string path;
  enum class Kind { kKept, kReused, kSkipped } kind;
  std::string detail;  // "resampled 44100 -> 16000 Hz; 2 channels to mono", or the reason for skipping
  double seconds = 0;
};

struct PrepareReport {
  std::vector<Verdict> verdicts;  // one a file found, in order of path
  double seconds = 0;             // of audio kept
  int kept = 0, reused = 0, skipped = 0, resampled = 0, mixed = 0, short_files = 0, silent = 0;
  int clips[3] = {0, 0, 0};       // train, validation, test
  std::string summary() const;
};

// Error when an input is missing, nothing is found (with the extensions seen), or nothing is readable; the old cache stays whole.
PrepareReport prepare(const DataConfig& data, const DescriptorConfig& descriptors);

}  // namespace nr
