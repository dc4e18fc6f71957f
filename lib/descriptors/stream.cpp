#include "descriptors/stream.h"

#include <algorithm>

namespace nr {

DescriptorStream::DescriptorStream(const std::vector<std::string>& names, const Framing& framing,
                                   std::function<void(const float*)> sink)
    : framing_(framing),
      analyser_(names, framing),
      sink_(std::move(sink)),
      buffer_(size_t(framing.window) * 4),
      values_(names.size()) {
  reset();
}

void DescriptorStream::reset() {
  analyser_.reset();
  taken_ = measured_ = 0;
  const int before = framing_.window / 2 - framing_.hop / 2;  // zeros in front of the first sample
  filled_ = size_t(std::max(before, 0)), skip_ = size_t(std::max(-before, 0));
  std::fill(buffer_.begin(), buffer_.begin() + int64_t(filled_), 0.f);
}

void DescriptorStream::process(const float* samples, size_t count) {
  taken_ += int64_t(count);
  take(samples, count);
}

void DescriptorStream::finish() {
  const int64_t wanted = (taken_ + framing_.hop - 1) / framing_.hop;
  while (measured_ < wanted) take(nullptr, 1);
}

void DescriptorStream::take(const float* samples, size_t count) {
  const size_t window = size_t(framing_.window), hop = size_t(framing_.hop);
  for (size_t used = 0; used < count;) {
    if (skip_ > 0) {
      const size_t skipped = std::min(skip_, count - used);
      skip_ -= skipped, used += skipped;
      continue;
    }
    const size_t copied = std::min(count - used, buffer_.size() - filled_);
    float* to = buffer_.data() + filled_;
    if (samples)
      std::copy(samples + used, samples + used + copied, to);
    else
      std::fill(to, to + copied, 0.f);
    filled_ += copied, used += copied;

    size_t start = 0;
    for (; start + window <= filled_; start += hop, ++measured_) {
      analyser_.process(buffer_.data() + start, values_.data());
      sink_(values_.data());
    }
    if (start == 0) continue;
    skip_ = start > filled_ ? start - filled_ : 0;
    start = std::min(start, filled_);
    std::copy(buffer_.begin() + int64_t(start), buffer_.begin() + int64_t(filled_), buffer_.begin());
    filled_ -= start;
  }
}

std::vector<std::vector<float>> analyse(const std::vector<float>& samples, const std::vector<std::string>& names,
                                        const Framing& framing) {
  std::vector<std::vector<float>> curves(names.size());
  DescriptorStream stream(names, framing, [&](const float* values) {
    for (size_t d = 0; d < curves.size(); ++d) curves[d].push_back(values[d]);
  });
  stream.process(samples.data(), samples.size());
  stream.finish();
  return curves;
}

}  // namespace nr
