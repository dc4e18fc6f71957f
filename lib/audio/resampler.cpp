#include "audio/resampler.h"

#include <soxr.h>

#include <algorithm>

#include "audio/clip.h"
#include "base/error.h"

namespace nr {

struct Resampler::State {
  soxr_t soxr = nullptr;
  ~State() { soxr_delete(soxr); }
};

Resampler::Resampler(int from, int to, std::function<void(const float*, size_t)> sink, Quality quality)
    : from_(from), to_(to), sink_(std::move(sink)) {
  if (from < 1 || to < 1) fail("cannot resample from ", from, " Hz to ", to, " Hz: both rates must be positive");
  if (from == to) return;
  if (std::max(from, to) > int64_t(kLargestRatio) * std::min(from, to))
    fail("cannot resample from ", from, " Hz to ", to, " Hz: the limit is a ratio of ", kLargestRatio);
  state_ = std::make_unique<State>();
  const soxr_quality_spec_t recipe = soxr_quality_spec(quality == Quality::kMedium ? SOXR_MQ : SOXR_VHQ, 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  state_->soxr = soxr_create(from, to, 1, &error, nullptr, &recipe, &one_thread);
  if (error) fail("cannot resample from ", from, " Hz to ", to, " Hz (", error, ")");
  out_.resize(1 << 14);
}

Resampler::~Resampler() = default;

void Resampler::process(const float* samples, size_t count) {
  taken_ += int64_t(count);
  if (!state_) return sink_(samples, count);
  drain(samples, count);
}

void Resampler::finish() {
  if (!state_) return;
  drain(nullptr, 0);
  const int64_t wanted = (taken_ * to_ + from_ / 2) / from_;
  std::fill(out_.begin(), out_.end(), 0.f);
  while (given_ < wanted) emit(out_.data(), size_t(std::min<int64_t>(wanted - given_, int64_t(out_.size()))));
}

// A null input tells soxr that the stream has ended.
void Resampler::drain(const float* samples, size_t count) {
  for (size_t used = 0, made = 1; made > 0 || used < count;) {
    size_t eaten = 0;
    if (const soxr_error_t error = soxr_process(state_->soxr, samples ? samples + used : nullptr,
                                                samples ? count - used : 0, &eaten, out_.data(), out_.size(), &made))
      fail("resampling failed (", error, ")");
    used += eaten;
    const int64_t end = samples ? given_ + int64_t(made) : (taken_ * to_ + from_ / 2) / from_;
    emit(out_.data(), size_t(std::min<int64_t>(int64_t(made), std::max<int64_t>(0, end - given_))));
    if (samples && used == count && made < out_.size()) break;
  }
}

void Resampler::emit(const float* samples, size_t count) {
  if (count) sink_(samples, count);
  given_ += int64_t(count);
}

std::vector<float> resample(const std::vector<float>& samples, int from, int to, Quality quality) {
  std::vector<float> out;
  Resampler resampler(from, to, [&](const float* x, size_t n) { out.insert(out.end(), x, x + n); }, quality);
  resampler.process(samples.data(), samples.size());
  resampler.finish();
  return out;
}

}  // namespace nr
