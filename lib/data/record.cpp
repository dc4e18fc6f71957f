#include "data/record.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/names.h"

namespace nr {
namespace {

constexpr char kMagic[] = "nr-data 3";
constexpr size_t kAligned = 4096;  // the cache aligns values of this size

class Packer {
 public:
  template <class T>
  void number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void string(const std::string& value) {
    number<uint64_t>(value.size());
    bytes_ += value;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string string() { return std::string(take(number<uint64_t>())); }
  uint64_t count(size_t smallest) {  // of things that need at least so many bytes each
    const uint64_t n = number<uint64_t>();
    if (n > bytes_.size() / smallest) damaged();
    return n;
  }
  [[noreturn]] static void damaged() {
    fail("the cache is damaged or of another version (a record cannot be read); run prepare again");
  }

 private:
  std::string_view take(uint64_t n) {
    if (n > bytes_.size()) damaged();
    const std::string_view out = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return out;
  }
  std::string_view bytes_;
};

}  // namespace

std::string pcm_key(const std::string& key, int64_t block) { return text("p:", key, ":", block); }
std::string wet_key(const std::string& key) { return key + "w"; }
std::string record_key(const std::string& key) { return "c:" + key; }

std::string pack(const ClipRecord& record, const std::vector<std::vector<float>>& curves) {
  std::string out;
  for (const auto& curve : curves)
    out.append(reinterpret_cast<const char*>(curve.data()), curve.size() * sizeof(float));
  Packer packer;
  packer.string(kMagic);
  packer.string(record.identity);
  packer.string(record.detail);
  packer.number<int64_t>(record.samples);
  packer.number<int32_t>(record.source_rate);
  packer.number<int32_t>(record.channels);
  packer.number<uint8_t>(record.silent);
  packer.number<double>(record.clipped);
  packer.number<uint64_t>(record.content);
  const uint64_t at = out.size();
  out += packer.take();
  if (out.size() + sizeof at < kAligned) out.resize(kAligned - sizeof at);
  return out.append(reinterpret_cast<const char*>(&at), sizeof at);
}

ClipRecord unpack_record(std::string_view bytes) {
  uint64_t at = 0;
  if (bytes.size() < sizeof at) Unpacker::damaged();
  std::memcpy(&at, bytes.data() + bytes.size() - sizeof at, sizeof at);
  if (at > bytes.size() - sizeof at) Unpacker::damaged();
  Unpacker in(bytes.substr(at));
  ClipRecord out;
  if (in.string() != kMagic) Unpacker::damaged();
  out.identity = in.string();
  out.detail = in.string();
  out.samples = in.number<int64_t>();
  out.source_rate = in.number<int32_t>();
  out.channels = in.number<int32_t>();
  out.silent = in.number<uint8_t>() != 0;
  out.clipped = in.number<double>();
  out.content = in.number<uint64_t>();
  return out;
}

std::string pack(const Index& index) {
  Packer out;
  out.string(kMagic);
  out.string(index.measured);
  out.string(index.chosen);
  out.number<uint64_t>(index.clips.size());
  for (size_t i = 0; i < index.clips.size(); ++i) {
    const ClipInfo& clip = index.clips[i];
    out.string(index.keys[i]);
    out.number<uint64_t>(index.contents[i]);
    out.string(clip.path);
    out.number<uint8_t>(static_cast<uint8_t>(clip.split));
    out.number<int64_t>(clip.samples);
    out.number<uint64_t>(clip.labels.size());
    for (const auto& [name, value] : clip.labels) {
      out.string(name);
      out.string(value);
    }
  }
  return out.take();
}

Index unpack_index(std::string_view bytes) {
  Unpacker in(bytes);
  Index out;
  if (in.string() != kMagic) Unpacker::damaged();
  out.measured = in.string();
  out.chosen = in.string();
  const uint64_t clips = in.count(41);
  for (uint64_t i = 0; i < clips; ++i) {
    ClipInfo clip;
    out.keys.push_back(in.string());
    out.contents.push_back(in.number<uint64_t>());
    clip.path = in.string();
    const int split = in.number<uint8_t>();
    if (split > static_cast<int>(Split::kTest)) Unpacker::damaged();
    clip.split = static_cast<Split>(split);
    clip.samples = in.number<int64_t>();
    if (clip.samples < 0) Unpacker::damaged();
    const uint64_t labels = in.count(16);
    for (uint64_t l = 0; l < labels; ++l) {
      const std::string name = in.string();
      clip.labels[name] = in.string();
    }
    out.clips.push_back(std::move(clip));
  }
  return out;
}

std::string measured_text(const DataConfig& data, const DescriptorConfig& descriptors) {
  return text(data.sample_rate, " Hz, channels ", data.channels, ", window ", descriptors.window, ", hop ",
              descriptors.hop, ", ", join(descriptors.names, " "));
}

std::string chosen_text(const DataConfig& data) {
  const auto also = [](const char* what, const std::string& value) { return value.empty() ? "" : what + value; };
  return text("inputs ", join(data.inputs, " "), also(" and to train on ", join(data.train_only, " ")),
              also(" but ", join(data.exclude, " ")), ", validation ", data.validation, ", test ", data.test,
              also(", grouped by ", data.group), also(", stratified by ", data.stratify),
              also(", wet sounds by ", data.wet));
}

std::vector<std::string> stored_curves(const DescriptorConfig& descriptors) {
  std::vector<std::string> out = descriptors.names;
  if (std::find(out.begin(), out.end(), "rms") == out.end()) out.push_back("rms");
  return out;
}

}  // namespace nr
