// Sound in memory and on disk. libsndfile decodes (clip.cpp), soxr resamples (resampler.cpp).
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace nr {

struct Clip {
  std::vector<float> samples;  // mono, full scale 1
  int sample_rate = 0;         // Hz
  double seconds() const { return sample_rate ? double(samples.size()) / sample_rate : 0; }
};

struct ClipHeader {
  int64_t frames = 0;
  int channels = 0, sample_rate = 0;
};

// What a header may claim. Memory, disk and time grow with the length at the rate asked for, not with the file's size.
constexpr int kLowestRate = 1000, kHighestRate = 1000000;  // Hz
constexpr double kLongestSound = 24 * 3600;                // seconds

// What is beyond these limits: "has a rate of 1 Hz, the limits are 1000 and 1000000 Hz"; empty when nothing is.
std::string beyond_limits(const ClipHeader& header);

// Error with the reason: absent, a folder, unreadable, empty, not audio, beyond a limit.
ClipHeader read_header(const std::filesystem::path& path);

// The mean of the channels at `sample_rate` (0: the file's own), in memory: the whole file, or its first
// `most_seconds`, of which no more is read than needed. Error when what is read is damaged: cut short, or a sample
// that is not finite.
Clip read_clip(const std::filesystem::path& path, int sample_rate = 0, double most_seconds = kLongestSound);

// The same in blocks, in constant memory: at most `most_samples` samples at `sample_rate` (0: the file's own), at most
// 2^14 of them at a time. channel: the one read; -1: the mean of all.
using Block = std::function<void(const float* samples, size_t count)>;
void read_blocks(const std::filesystem::path& path, int sample_rate, const Block& block, int channel = -1,
                 int64_t most_samples = INT64_MAX);

// 16-bit WAV, clipped at full scale; written whole or not at all.
void write_wav(const std::filesystem::path& path, const std::vector<float>& samples, int sample_rate);
// The same in constant memory: `play` hands on blocks, `samples` in all. Error, and nothing written, when it gives
// another number, or `play` throws.
using PcmBlock = std::function<void(const int16_t* samples, size_t count)>;
void write_wav(const std::filesystem::path& path, int64_t samples, int sample_rate,
               const std::function<void(const PcmBlock&)>& play);
// The same as FLAC.
void write_flac(const std::filesystem::path& path, const std::vector<float>& samples, int sample_rate);
// The WAV file's bytes, for a report.
std::vector<unsigned char> wav_bytes(const std::vector<float>& samples, int sample_rate);

}  // namespace nr
