// Sound in memory and on disk. libsndfile decodes (clip.cpp), soxr resamples (resampler.cpp).
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
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

// Error with the reason: absent, a folder, unreadable, empty, not audio.
ClipHeader read_header(const std::filesystem::path& path);

// Whole file, the mean of its channels (Error when it is damaged: cut short, or a sample that is not finite), at `sample_rate` (0: its
// own).
Clip read_clip(const std::filesystem::path& path, int sample_rate = 0);
// Its first `most_seconds`: no more than that is decoded, and held.
Clip read_clip(const std::filesystem::path& path, int sample_rate, double most_seconds);

// In blocks of mono samples at `sample_rate`, in constant memory: for files of any size. channel: the one read; -1: the mean of all.
void read_blocks(const std::filesystem::path& path, int sample_rate, const std::function<void(const float*, size_t)>& block, int channel = -1);

// 16-bit WAV, clipped at full scale; written whole or not at all.
void write_wav(const std::filesystem::path& path, const std::vector<float>& samples, int sample_rate);
// The same file's bytes, for a report.
std::vector<unsigned char> wav_bytes(const std::vector<float>& samples, int sample_rate);

}  // namespace nr
