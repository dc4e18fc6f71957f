// Sample-rate conversion of a stream, by soxr (linear phase): any block sizes, constant memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace nr {

// kVeryHigh: 28 bits; kMedium: 16 bits, a half of the time for a short sound, most of which designs the filter.
enum class Quality { kVeryHigh, kMedium };

constexpr int kLargestRatio = 256;  // of two rates: memory and time grow with it

class Resampler {
 public:
  // Error when a rate is not positive, or one is more than kLargestRatio times the other.
  // `sink` gets the converted samples, round(n * to / from) in all, aligned in time with the input. Equal rates: a
  // plain copy.
  Resampler(int from, int to, std::function<void(const float*, size_t)> sink, Quality quality = Quality::kVeryHigh);
  ~Resampler();
  void process(const float* samples, size_t count);
  void finish();  // the last samples; once

 private:
  struct State;
  void drain(const float* samples, size_t count);
  void emit(const float* samples, size_t count);
  int from_, to_;
  int64_t taken_ = 0, given_ = 0;
  std::function<void(const float*, size_t)> sink_;
  std::vector<float> out_;
  std::unique_ptr<State> state_;
};

// The length is round(n * to / from).
std::vector<float> resample(const std::vector<float>& samples, int from, int to, Quality quality = Quality::kVeryHigh);

}  // namespace nr
