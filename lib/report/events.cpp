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
#include "base/protobuf.h"

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

std::string packed(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) out += little_endian(value);
  return out;
}

std::string_view view(const std::vector<unsigned char>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A message's fields, by number.
namespace event {
constexpr int kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7;
}
namespace value {
constexpr int kTag = 1, kScalar = 2, kImage = 4, kHistogram = 5, kSound = 6;
}

ProtobufWriter event_at(int64_t step) {
  ProtobufWriter out;
  out.number(event::kWallTime, wall_seconds()).integer(event::kStep, step);
  return out;
}

ProtobufWriter tagged(const std::string& name) { return ProtobufWriter().bytes(value::kTag, name); }
void add(ProtobufWriter& summary, const ProtobufWriter& value) { summary.message(1, value); }
std::string event_of(int64_t step, const ProtobufWriter& summary) {
  return event_at(step).message(event::kSummary, summary).text();
}
std::string event_of_one(int64_t step, const ProtobufWriter& value) {
  ProtobufWriter summary;
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
  ProtobufWriter version;
  write(version.number(event::kWallTime, wall_seconds()).bytes(event::kFileVersion, "brain.Event:2").text());
  constexpr int64_t kStart = 1;  // SessionLog.status; of what was written before, steps from this event's on are void
  write(event_at(step + 1).message(event::kSessionLog, ProtobufWriter().integer(1, kStart)).text());
}

void EventFile::write(const std::string& data) {
  const std::string length = little_endian(uint64_t(data.size()));
  out_ << length << masked_crc(length) << data << masked_crc(data) << std::flush;
  if (!out_)
    fail(file_.string(), ": cannot be written (", std::strerror(errno ? errno : EIO), "; training.tensorboard: false ",
         "does without)");
}

void EventFile::scalars(int64_t step, const std::map<std::string, double>& values) {
  ProtobufWriter summary;
  for (const auto& [name, number] : values) add(summary, tagged(name).number(value::kScalar, float(number)));
  write(event_of(step, summary));
}

void EventFile::sound(int64_t step, const std::string& name, const std::vector<unsigned char>& wav, int64_t samples,
                      int sample_rate) {
  ProtobufWriter sound;
  sound.number(1, float(sample_rate)).integer(2, 1).integer(3, samples).bytes(4, view(wav)).bytes(5, "audio/wav");
  write(event_of_one(step, tagged(name).message(value::kSound, sound)));
}

void EventFile::image(int64_t step, const std::string& name, const std::vector<unsigned char>& png, int width,
                      int height) {
  constexpr int64_t kRgb = 3;
  ProtobufWriter image;
  image.integer(1, height).integer(2, width).integer(3, kRgb).bytes(4, view(png));
  write(event_of_one(step, tagged(name).message(value::kImage, image)));
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
  ProtobufWriter histogram;
  histogram.number(1, low).number(2, high).number(3, double(values.size())).number(4, sum).number(5, squares);
  histogram.bytes(6, packed(limits)).bytes(7, packed(counts));
  write(event_of_one(step, tagged(name).message(value::kHistogram, histogram)));
}

}  // namespace nr::report
