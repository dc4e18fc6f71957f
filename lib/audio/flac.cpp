#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace {

// A file in memory, as libsndfile sees it.
struct Bytes {
  std::string data;
  sf_count_t at = 0;
};

sf_count_t length(void* file) { return sf_count_t(static_cast<Bytes*>(file)->data.size()); }
sf_count_t seek(sf_count_t offset, int whence, void* file) {
  auto& bytes = *static_cast<Bytes*>(file);
  return bytes.at = offset + (whence == SEEK_CUR ? bytes.at : whence == SEEK_END ? length(file) : 0);
}
sf_count_t read(void* to, sf_count_t count, void* file) {
  auto& bytes = *static_cast<Bytes*>(file);
  const sf_count_t there = std::max<sf_count_t>(0, std::min(count, length(file) - bytes.at));
  std::memcpy(to, bytes.data.data() + bytes.at, size_t(there));
  bytes.at += there;
  return there;
}
sf_count_t write(const void* from, sf_count_t count, void* file) {
  auto& bytes = *static_cast<Bytes*>(file);
  if (length(file) < bytes.at + count) bytes.data.resize(size_t(bytes.at + count));
  std::memcpy(&bytes.data[size_t(bytes.at)], from, size_t(count));
  bytes.at += count;
  return count;
}
sf_count_t tell(void* file) { return static_cast<Bytes*>(file)->at; }

}  // namespace

void write_flac(const std::filesystem::path& path, const std::vector<float>& samples, int sample_rate) {
  std::vector<int16_t> pcm;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!std::isfinite(samples[i])) fail("sample ", i, " is not a finite number and cannot be written as FLAC");
    pcm.push_back(int16_t(std::clamp<long>(std::lrint(samples[i] * 32768.0), -32768, 32767)));
  }
  Bytes bytes;
  SF_VIRTUAL_IO file{length, seek, read, write, tell};
  SF_INFO info{};
  info.samplerate = sample_rate, info.channels = 1, info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  SNDFILE* out = sf_open_virtual(&file, SFM_WRITE, &info, &bytes);
  if (!out) fail(path.string(), ": FLAC cannot be written (", sf_strerror(nullptr), ")");
  const auto written = sf_write_short(out, pcm.data(), sf_count_t(pcm.size()));
  sf_close(out);
  if (written != sf_count_t(pcm.size())) fail(path.string(), ": FLAC could not be encoded");
  write_file(path, bytes.data);
}

}  // namespace nr
