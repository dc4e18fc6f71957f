#include "audio/clip.h"

#include <sndfile.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>

#include "audio/resampler.h"
#include "base/error.h"

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
  return sound;
}

using Block = std::function<void(const float*, size_t)>;

// most_seconds: 0 for all.
void read_some(const fs::path& path, int sample_rate, const Block& block, int channel, double most_seconds) {
  Sound sound = open_sound(path);
  const int channels = sound.header.channels, from = sound.header.sample_rate;
  if (channel >= channels) fail(path.string(), ": has ", channels, " channels, asked for number ", channel + 1);
  if (most_seconds > 0 && most_seconds * from < double(sound.header.frames))
    sound.header.frames = std::max<int64_t>(1, std::llround(most_seconds * from));
  const size_t frames_at_once = std::max<size_t>(1, kBlock / channels);
  std::vector<float> interleaved(frames_at_once * channels), mono(frames_at_once);
  Resampler resampler(from, sample_rate > 0 ? sample_rate : from, block);
  int64_t done = 0;
  while (done < sound.header.frames) {
    const int64_t wanted = std::min<int64_t>(sound.header.frames - done, int64_t(frames_at_once));
    const sf_count_t frames = sf_readf_float(sound.file.get(), interleaved.data(), wanted);
    if (frames <= 0) fail(path.string(), ": is damaged (", done, " of ", sound.header.frames, " frames can be decoded)");
    for (sf_count_t i = 0; i < frames; ++i) {
      double sum = 0;
      for (int c = 0; c < channels; ++c) {
        const float x = interleaved[i * channels + c];
        if (!std::isfinite(x)) fail(path.string(), ": is damaged (sample ", done + i, " of channel ", c + 1, " is not a finite number)");
        sum += x;
      }
      mono[i] = channel < 0 ? static_cast<float>(sum / channels) : interleaved[i * channels + channel];
    }
    resampler.process(mono.data(), size_t(frames));
    done += frames;
  }
  resampler.finish();
}

}  // namespace

ClipHeader read_header(const fs::path& path) { return open_sound(path).header; }

void read_blocks(const fs::path& path, int sample_rate, const Block& block, int channel) {
  read_some(path, sample_rate, block, channel, 0);
}

Clip read_clip(const fs::path& path, int sample_rate) { return read_clip(path, sample_rate, 0); }

Clip read_clip(const fs::path& path, int sample_rate, double most_seconds) {
  Clip clip;
  clip.sample_rate = sample_rate > 0 ? sample_rate : read_header(path).sample_rate;
  const auto append = [&](const float* x, size_t n) { clip.samples.insert(clip.samples.end(), x, x + n); };
  read_some(path, sample_rate, append, -1, most_seconds);
  return clip;
}

}  // namespace nr
