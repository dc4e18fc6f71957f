// Recordings -> cache, once: decoded, mixed to mono, resampled, measured, split. Re-run = only what changed.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "run/data.h"
#include "descriptors/config.h"

namespace nr {

struct Verdict {
  std::string path;
  enum class Kind { kKept, kReused, kSkipped } kind = Kind::kSkipped;
  std::string detail;  // "resampled 44100 -> 16000 Hz; 2 channels to mono", or the reason for skipping
  double seconds = 0;
};

struct PrepareReport {
  std::vector<Verdict> verdicts;  // one a file found: of the inputs in order of path, then of data.train_only
  double seconds = 0;             // of audio in the cache
  double elapsed = 0;             // seconds it took
  int kept = 0, reused = 0, skipped = 0;
  int resampled = 0, mixed = 0, short_files = 0, silent = 0, clipped = 0;  // of those kept or reused
  int outside = 0;  // of those too: named by a manifest or data set, but not in its folder
  int withheld = 0;                  // of data.train_only: their group validates or tests
  int dropped = 0;                   // recordings that were in the cache and are no longer wanted
  int clips[3] = {0, 0, 0};          // train, validation, test
  std::map<std::string, int> other;  // extension -> files passed over because they are not audio
  std::string summary() const;       // a few lines
};

// One line, safe to print: "kept     a/b.wav: 2 channels to mono".
std::string verdict_text(const Verdict& verdict);

// Error when an input is missing, nothing is found (with the extensions seen), nothing is readable, the disk is full
// or Ctrl-C was pressed; the cache then still holds what it held before, and the next run goes on from what is done.
PrepareReport prepare(const DataConfig& data, const DescriptorConfig& descriptors);

}  // namespace nr
