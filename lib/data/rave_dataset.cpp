#include "data/rave_dataset.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "base/error.h"
#include "base/protobuf.h"
#include "data/cache.h"
#include "data/database.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

// Field 1 is a map's key, field 2 its value.
std::pair<std::string_view, std::string_view> map_entry(std::string_view bytes) {
  std::pair<std::string_view, std::string_view> out;
  ProtobufReader message(bytes);
  for (ProtobufField field; message.next(field);) (field.number == 1 ? out.first : out.second) = field.bytes;
  return out;
}

template <class T>
std::vector<std::vector<float>> planar(std::string_view data, uint64_t channels, float full_scale) {
  // Of the shape only the channels are believed: RAVE stores bytes, not samples, as the length.
  const size_t samples = data.size() / sizeof(T) / channels;
  std::vector<std::vector<float>> out(channels, std::vector<float>(samples));
  for (size_t c = 0; c < channels; ++c)
    for (size_t i = 0; i < samples; ++i) {
      T value;
      std::memcpy(&value, data.data() + (c * samples + i) * sizeof(T), sizeof value);
      out[c][i] = static_cast<float>(value) / full_scale;
    }
  return out;
}

void read_buffer(std::string_view bytes, RaveRecord& out) {
  constexpr uint64_t kFloat32 = 1, kInt16 = 3;
  uint64_t channels = 0, precision = 0;
  std::string_view data;
  ProtobufReader message(bytes);
  for (ProtobufField field; message.next(field);) {
    if (field.number == 1 && channels == 0)
      channels = field.bytes.empty() ? field.integer : static_cast<unsigned char>(field.bytes[0]);
    if (field.number == 2) out.sample_rate = static_cast<int>(std::min<uint64_t>(field.integer, 1 << 20));
    if (field.number == 3) data = field.bytes;
    if (field.number == 4) precision = field.integer;
  }
  if (channels < 1 || channels > 1024) fail("its waveform has ", channels, " channels");
  if (out.sample_rate < 1) fail("its waveform has no sampling rate");
  if (precision != kInt16 && precision != kFloat32)
    fail("its waveform is of precision ", precision, ", expected int16 (3) or float32 (1)");
  out.channels = precision == kInt16 ? planar<int16_t>(data, channels, 32767) : planar<float>(data, channels, 1);
  if (out.channels[0].empty()) fail("its waveform is empty");
}

std::string record_name(size_t i) {
  char key[16];
  std::snprintf(key, sizeof key, "%08zu", i);
  return key;
}

// A record is read whole. `rave preprocess` writes some seconds into each.
constexpr size_t kMostBytes = size_t(1) << 28;

// LMDB opens, reads and closes a data set in one thread at a time.
std::mutex& reading() {
  static std::mutex guard;
  return guard;
}

std::string copy_of_record(const fs::path& folder, const std::string& key) {
  const std::lock_guard<std::mutex> lock(reading());
  const CacheReader reader(folder);
  const auto bytes = reader.get(key);
  if (!bytes) fail("is no longer there");
  if (bytes->size() > kMostBytes) fail("holds ", bytes->size(), " bytes, the limit of a record is ", kMostBytes);
  return std::string(*bytes);
}

}  // namespace

RaveRecord parse_rave_record(std::string_view bytes) {
  RaveRecord out;
  ProtobufReader message(bytes);
  for (ProtobufField field; message.next(field);) {
    if (field.number != 1 && field.number != 2) continue;
    const auto [name, value] = map_entry(field.bytes);
    if (field.number == 1 && name == "waveform") read_buffer(value, out);
    if (field.number == 2 && name == "path") out.path = std::string(value);
  }
  if (!out.channels.empty()) out.path.clear();  // where it came from
  if (out.channels.empty() && out.path.empty()) fail("holds neither a waveform nor a path");
  return out;
}

bool is_rave_dataset(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "data.mdb", error) && fs::exists(folder / "metadata.yaml", error);
}

std::vector<std::string> rave_keys(const fs::path& folder) {
  const std::lock_guard<std::mutex> lock(reading());
  const std::string set = text(folder.string(), ": is laid out as a RAVE data set, but its data.mdb ");
  const std::string problem = database_problem(folder / "data.mdb");
  if (!problem.empty()) fail(set, "is damaged (", problem, ")");
  try {
    const CacheReader reader(folder);
    std::vector<std::string> out;
    for (std::string key = record_name(0); reader.get(key); key = record_name(out.size())) out.push_back(key);
    return out;
  } catch (const Error&) {  // its advice is for caches of our own
    fail(set, "cannot be read");
  }
}

RaveRecord read_rave_record(const fs::path& folder, const std::string& key) {
  try {
    return parse_rave_record(copy_of_record(folder, key));
  } catch (const Error& error) {
    fail((folder / "data.mdb").string(), ":", key, ": ", error.what());
  }
}

}  // namespace nr
