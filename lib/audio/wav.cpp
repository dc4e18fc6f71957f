#include <algorithm>
#include <cmath>
#include <cstdint>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace {

void put(std::vector<unsigned char>& out, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<unsigned char>(value >> (8 * i)));
}
void put(std::vector<unsigned char>& out, const char* tag) {
  while (*tag) out.push_back(static_cast<unsigned char>(*tag++));
}

// What comes before the samples.
std::vector<unsigned char> wav_head(uint64_t samples, int sample_rate) {
  if (samples > (0xffffffffu - 36) / 2) fail("a WAV file cannot hold ", samples, " samples");
  const auto data = static_cast<uint32_t>(samples * 2), rate = static_cast<uint32_t>(sample_rate);
  std::vector<unsigned char> out;
  put(out, "RIFF"), put(out, 36 + data, 4), put(out, "WAVE");
  put(out, "fmt "), put(out, 16, 4), put(out, 1, 2), put(out, 1, 2), put(out, rate, 4), put(out, rate * 2, 4),
      put(out, 2, 2), put(out, 16, 2);
  put(out, "data"), put(out, data, 4);
  return out;
}

void write_bytes(std::ostream& out, const std::vector<unsigned char>& bytes) {
  out.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

}  // namespace

std::vector<unsigned char> wav_bytes(const std::vector<float>& samples, int sample_rate) {
  std::vector<unsigned char> out = wav_head(samples.size(), sample_rate);
  out.reserve(out.size() + 2 * samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!std::isfinite(samples[i])) fail("sample ", i, " is not a finite number and cannot be written as WAV");
    const long value = std::lrint(std::min(std::max(samples[i] * 32768.0, -32768.0), 32767.0));
    put(out, static_cast<uint32_t>(value), 2);
  }
  return out;
}

void write_wav(const std::filesystem::path& path, const std::vector<float>& samples, int sample_rate) {
  const std::vector<unsigned char> bytes = wav_bytes(samples, sample_rate);
  write_file(path, [&](std::ostream& out) { write_bytes(out, bytes); });
}

void write_wav(const std::filesystem::path& path, int64_t samples, int sample_rate,
               const std::function<void(const PcmBlock&)>& play) {
  const std::vector<unsigned char> head = wav_head(uint64_t(samples), sample_rate);
  write_file(path, [&](std::ostream& out) {
    write_bytes(out, head);
    int64_t given = 0;
    std::vector<unsigned char> bytes;
    play([&](const int16_t* block, size_t count) {
      bytes.clear();
      for (size_t i = 0; i < count; ++i) put(bytes, static_cast<uint32_t>(block[i]), 2);
      write_bytes(out, bytes);
      given += int64_t(count);
    });
    if (given != samples) fail(path.string(), ": ", given, " samples were given, expected ", samples);
  });
}

}  // namespace nr
