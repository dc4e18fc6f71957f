#include "audio/clip.h"

#include <sndfile.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>

#include "audio/resampler.h"
#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

constexpr size_t kBlock = 1 << 14;  // samples read at once, all channels

struct Closed {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

struct Sound {
  std::unique_ptr<SNDFILE, Closed> file;
  ClipHeader header;
};

Sound open_sound(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) fail(path.string(), ": no such file");
  if (fs::is_directory(status)) fail(path.string(), ": is a folder, expected an audio file");
  if (!fs::is_regular_file(status)) fail(path.string(), ": is not a regular file, expected an audio file");
  FILE* probe = std::fopen(path.c_str(), "rb");
  if (!probe) fail(path.string(), ": cannot be read (", std::strerror(errno), ")");
  std::fclose(probe);
  if (fs::file_size(path, error) == 0) fail(path.string(), ": is empty (0 bytes)");

  SF_INFO info{};
  Sound sound{std::unique_ptr<SNDFILE, Closed>(sf_open(path.c_str(), SFM_READ, &info)), {}};
  if (!sound.file) {
    std::string why = sf_strerror(nullptr);
    for (char& c : why) c = c == '\n' ? ' ' : c;
    while (!why.empty() && (why.back() == '.' || why.back() == ' ')) why.pop_back();
    fail(path.string(), ": is not audio that libsndfile can read (", why, ")");
  }
  if (info.frames <= 0) fail(path.string(), ": holds no samples");
  sound.header = {info.frames, info.channels, info.samplerate};
  if (const std::string problem = beyond_limits(sound.header); !problem.empty()) fail(path.string(), ": ", problem);
  return sound;
}

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

std::string beyond_limits(const ClipHeader& header) {
  if (header.sample_rate < kLowestRate || header.sample_rate > kHighestRate)
    return text("has a rate of ", header.sample_rate, " Hz, the limits are ", kLowestRate, " and ", kHighestRate,
                " Hz");
  const double seconds = double(header.frames) / header.sample_rate;
  if (seconds > kLongestSound)
    return text("lasts ", seconds / 3600, " hours, the limit is ", kLongestSound / 3600, "; cut it into several files");
  return "";
}

ClipHeader read_header(const fs::path& path) { return open_sound(path).header; }

void read_blocks(const fs::path& path, int sample_rate, const Block& block, int channel, int64_t most_samples) {
  const Sound sound = open_sound(path);
  const int channels = sound.header.channels, from = sound.header.sample_rate;
  if (channel >= channels) fail(path.string(), ": has ", channels, " channels, asked for number ", channel + 1);
  const size_t frames_at_once = std::max<size_t>(1, kBlock / channels);
  std::vector<float> interleaved(frames_at_once * channels), mono(frames_at_once);
  int64_t given = 0, done = 0;  // samples handed on; frames read
  Resampler resampler(from, sample_rate > 0 ? sample_rate : from, [&](const float* samples, size_t count) {
    count = size_t(std::min<int64_t>(int64_t(count), most_samples - given));
    if (count) block(samples, count);
    given += int64_t(count);
  });
  while (done < sound.header.frames && given < most_samples) {
    const sf_count_t frames = sf_readf_float(sound.file.get(), interleaved.data(), sf_count_t(frames_at_once));
    if (frames <= 0)
      fail(path.string(), ": is damaged (", done, " of ", sound.header.frames, " frames can be decoded)");
    for (sf_count_t i = 0; i < frames; ++i) {
      double sum = 0;
      for (int c = 0; c < channels; ++c) {
        const float x = interleaved[i * channels + c];
        if (!std::isfinite(x))
          fail(path.string(), ": is damaged (sample ", done + i, " of channel ", c + 1, " is not a finite number)");
        sum += x;
      }
      mono[i] = channel < 0 ? static_cast<float>(sum / channels) : interleaved[i * channels + channel];
    }
    resampler.process(mono.data(), size_t(frames));
    done += frames;
  }
  resampler.finish();
}

Clip read_clip(const fs::path& path, int sample_rate, double most_seconds) {
  Clip clip;
  const ClipHeader header = read_header(path);
  clip.sample_rate = sample_rate > 0 ? sample_rate : header.sample_rate;
  const auto keep = [&](const float* x, size_t n) { clip.samples.insert(clip.samples.end(), x, x + n); };
  read_blocks(path, sample_rate, keep, -1, int64_t(most_seconds * clip.sample_rate));
  return clip;
}

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
