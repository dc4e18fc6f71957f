#include "report/events.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "base/files.h"

namespace nr::report {
namespace fs = std::filesystem;
namespace {

constexpr int kBins = 64;

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <class T>
std::string little_endian(T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  return {bytes, sizeof value};
}

// So that a CRC of data that hold CRCs is not all zeros.
std::string masked_crc(const std::string& bytes) {
  const uint32_t crc = crc32c(bytes);
  return little_endian<uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

// A message of protocol buffers: fields in the order of their numbers, each with a key, number << 3 | wire type.
class Message {
 public:
  Message& number(int field, uint64_t value) {
    varint(uint64_t(field) << 3), varint(value);
    return *this;
  }
  Message& real(int field, double value) { return fixed(field, 1, value); }
  Message& real(int field, float value) { return fixed(field, 5, value); }
  Message& bytes(int field, const std::string& value) {
    varint(uint64_t(field) << 3 | 2), varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& bytes(int field, const std::vector<unsigned char>& value) {
    return bytes(field, std::string(value.begin(), value.end()));
  }
  Message& reals(int field, const std::vector<double>& values) {
    std::string packed;
    for (const double value : values) packed += little_endian(value);
    return bytes(field, packed);
  }
  operator const std::string&() const { return bytes_; }

 private:
  template <class T>
  Message& fixed(int field, int wire, T value) {
    varint(uint64_t(field) << 3 | uint64_t(wire));
    bytes_ += little_endian(value);
    return *this;
  }
  void varint(uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += char(value | 128);
    bytes_ += char(value);
  }
  std::string bytes_;
};

// A message's fields, by number.
namespace event {
constexpr int kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7;
}
namespace value {
constexpr int kTag = 1, kScalar = 2, kImage = 4, kHistogram = 5, kSound = 6;
}

Message event_at(int64_t step) {
  Message out;
  out.real(event::kWallTime, wall_seconds()).number(event::kStep, uint64_t(step));
  return out;
}

Message tagged(const std::string& name) { return Message().bytes(value::kTag, name); }
void add(Message& summary, const Message& value) { summary.bytes(1, value); }
std::string event_of(int64_t step, const Message& summary) { return event_at(step).bytes(event::kSummary, summary); }
std::string event_of_one(int64_t step, const Message& value) {
  Message summary;
  add(summary, value);
  return event_of(step, summary);
}

// TensorBoard takes a folder's files in the order of their names: the seconds when they were begun.
fs::path name_of(int64_t step) {
  char name[96];
  std::snprintf(name, sizeof name, "events.out.tfevents.%010lld.neurorave.%lld",
                static_cast<long long>(wall_seconds()), static_cast<long long>(step));
  return name;
}

}  // namespace

uint32_t crc32c(const std::string& bytes) {
  static const auto table = [] {
    std::array<uint32_t, 256> out{};
    for (uint32_t i = 0; i < 256; ++i) {
      out[i] = i;
      for (int bit = 0; bit < 8; ++bit) out[i] = out[i] >> 1 ^ (out[i] & 1 ? 0x82f63b78u : 0);
    }
    return out;
  }();
  uint32_t crc = ~0u;
  for (const char c : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 255];
  return ~crc;
}

EventFile::EventFile(const fs::path& folder, int64_t step) : file_(folder / name_of(step)) {
  make_folder(folder);
  errno = 0;
  out_.open(file_, std::ios::binary);
  Message version;
  write(version.real(event::kWallTime, wall_seconds()).bytes(event::kFileVersion, std::string("brain.Event:2")));
  constexpr uint64_t kStart = 1;  // SessionLog.status; of what was written before, steps from this event's on are void
  write(event_at(step + 1).bytes(event::kSessionLog, Message().number(1, kStart)));
}

void EventFile::write(const std::string& data) {
  const std::string length = little_endian(uint64_t(data.size()));
  out_ << length << masked_crc(length) << data << masked_crc(data) << std::flush;
  if (!out_)
    fail(file_.string(), ": cannot be written (", std::strerror(errno ? errno : EIO), "; training.tensorboard: false ",
         "does without)");
}

void EventFile::scalars(int64_t step, const std::map<std::string, double>& values) {
  Message summary;
  for (const auto& [name, number] : values) add(summary, tagged(name).real(value::kScalar, float(number)));
  write(event_of(step, summary));
}

void EventFile::sound(int64_t step, const std::string& name, const std::vector<unsigned char>& wav, int64_t samples,
                      int sample_rate) {
  Message sound;
  sound.real(1, float(sample_rate)).number(2, 1).number(3, uint64_t(samples)).bytes(4, wav);
  sound.bytes(5, std::string("audio/wav"));
  write(event_of_one(step, tagged(name).bytes(value::kSound, sound)));
}

void EventFile::image(int64_t step, const std::string& name, const std::vector<unsigned char>& png, int width,
                      int height) {
  constexpr uint64_t kRgb = 3;
  Message image;
  image.number(1, uint64_t(height)).number(2, uint64_t(width)).number(3, kRgb).bytes(4, png);
  write(event_of_one(step, tagged(name).bytes(value::kImage, image)));
}

void EventFile::histogram(int64_t step, const std::string& name, const std::vector<float>& values) {
  if (values.empty() || !std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); })) return;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double low = *least, high = *most, width = std::max(high - low, 1e-12) / kBins;
  double sum = 0, squares = 0;
  std::vector<double> limits(kBins), counts(kBins);
  for (int bin = 0; bin < kBins; ++bin) limits[size_t(bin)] = low + width * (bin + 1);
  for (const double x : values) {
    sum += x, squares += x * x;
    ++counts[size_t(std::clamp(int((x - low) / width), 0, kBins - 1))];
  }
  Message histogram;
  histogram.real(1, low).real(2, high).real(3, double(values.size())).real(4, sum).real(5, squares);
  histogram.reals(6, limits).reals(7, counts);
  write(event_of_one(step, tagged(name).bytes(value::kHistogram, histogram)));
}

}  // namespace nr::report
