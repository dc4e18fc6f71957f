// A data set that `rave preprocess` made, read as it is: an LMDB of protobuf messages (AudioExample), beside it
// metadata.yaml. The message is small and fixed, so its wire format is read here, every length checked.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nr {

struct RaveRecord {
  int sample_rate = 0;                        // Hz
  std::vector<std::vector<float>> channels;   // samples of each; none in a data set made with --lazy ...
  std::string path;                           // ... whose records name a file; else empty
};

// Error, without a place, when the bytes are no AudioExample with a waveform (int16 or float32, planar) or a path.
RaveRecord parse_rave_record(std::string_view bytes);

bool is_rave_dataset(const std::filesystem::path& folder);
// Keys of the records. Error when the data set cannot be opened.
std::vector<std::string> rave_keys(const std::filesystem::path& folder);
// Error with the folder and the key. Any thread.
RaveRecord read_rave_record(const std::filesystem::path& folder, const std::string& key);

}  // namespace nr
