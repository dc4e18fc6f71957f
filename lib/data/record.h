// What the cache holds, as bytes: the index, and a record per clip: its curves, then what is known of it.
// Reading checks every length: a damaged record is an Error, never a crash.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace nr {

constexpr int64_t kPcmBlock = int64_t(1) << 20;  // samples of one PCM value (int16, little-endian)

std::string pcm_key(const std::string& key, int64_t block);
std::string wet_key(const std::string& key);  // in place of the key, for the blocks of a pair's wet sound
std::string record_key(const std::string& key);
inline const char* const kIndexKey = "index";

struct ClipRecord {
  std::string identity;  // what made it: path, size, time, settings
  std::string detail;    // of the verdict
  int64_t samples = 0;
  int source_rate = 0, channels = 0;
  bool silent = false;
  double clipped = 0;    // share of samples at full scale
  uint64_t content = 0;  // hash64 of the samples, and of the wet version's
};

// curves: float32, one after another; they come first, so that they are aligned where they are mapped.
std::string pack(const ClipRecord& record, const std::vector<std::vector<float>>& curves);
ClipRecord unpack_record(std::string_view bytes);

struct Index {
  std::string measured;  // settings that every record depends on
  std::string chosen;    // inputs and splits
  std::vector<ClipInfo> clips;
  std::vector<std::string> keys;   // one per clip
  std::vector<uint64_t> contents;  // of its record
};

std::string pack(const Index& index);
Index unpack_index(std::string_view bytes);

// The texts of Index for a configuration; two equal texts mean equal data.
std::string measured_text(const DataConfig& data, const DescriptorConfig& descriptors);
std::string chosen_text(const DataConfig& data);
// Curves in the order stored: the configured names, and "rms" last when it is not one of them (active frames need it).
std::vector<std::string> stored_curves(const DescriptorConfig& descriptors);

}  // namespace nr
