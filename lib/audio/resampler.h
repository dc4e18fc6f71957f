// Sample-rate conversion of a stream, by soxr (very high quality, linear phase): any block sizes, constant memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace nr {

class Resampler {
 public:
  // `sink` gets the converted samples, round(n * to / from) in all, aligned in time with the input. Equal rates: a plain copy.
  Resampler(int from, int to, std::function<void(const float*, size_t)> sink);
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

}  // namespace nr
