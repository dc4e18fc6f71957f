#include "data/curve_stream.h"

#include <limits>

namespace nr {

CurveStream::CurveStream(const std::vector<std::string>& names, const Framing& framing)
    : framing_(framing), analyser_(names, framing), values_(names.size()) {
  reset();
}

void CurveStream::reset() {
  analyser_.reset();
  buffer_.assign(framing_.window, 0.f);  // the zeros before the signal
  base_ = -framing_.window;
  total_ = next_ = 0;
  curves_.assign(values_.size(), {});
}

void CurveStream::push(const float* samples, size_t count) {
  buffer_.insert(buffer_.end(), samples, samples + count);
  total_ += static_cast<int64_t>(count);
  measure(std::numeric_limits<int64_t>::max());
}

void CurveStream::measure(int64_t limit) {
  const auto start_of = [&](int64_t i) { return (2 * i + 1) * framing_.hop / 2 - framing_.window / 2; };
  const int64_t end = base_ + static_cast<int64_t>(buffer_.size());
  for (; next_ < limit && start_of(next_) + framing_.window <= end; ++next_) {
    analyser_.process(buffer_.data() + (start_of(next_) - base_), values_.data());
    for (size_t d = 0; d < values_.size(); ++d) curves_[d].push_back(values_[d]);
  }
  const int64_t used = std::min<int64_t>(start_of(next_) - base_, static_cast<int64_t>(buffer_.size()));
  if (used > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + used);
    base_ += used;
  }
}

std::vector<std::vector<float>> CurveStream::finish() {
  buffer_.insert(buffer_.end(), framing_.window + framing_.hop, 0.f);
  measure((total_ + framing_.hop - 1) / framing_.hop);
  std::vector<std::vector<float>> out = std::move(curves_);
  reset();
  return out;
}

}  // namespace nr
