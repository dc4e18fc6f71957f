#include "generation/recording.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "audio/clip.h"
#include "audio/resampler.h"
#include "descriptors/descriptor.h"

namespace nr {

std::vector<float> beginning_of(const std::filesystem::path& file, const DataConfig& data) {
  return read_clip(file, data.sample_rate, double(data.segment) / data.sample_rate).samples;
}

torch::Tensor as_note(const std::vector<float>& samples, const DataConfig& data) {
  auto out = torch::zeros({1, 1, data.segment});
  std::copy_n(samples.begin(), std::min(samples.size(), size_t(data.segment)), out.data_ptr<float>());
  return out;
}

int commonest_note(const std::vector<float>& samples, int sample_rate) {
  std::map<int, int> counts;
  const std::vector<std::vector<float>> curves = analyse(samples, {"pitch"}, {sample_rate, 2048, 1024});
  for (const float hz : curves[0])
    if (!std::isnan(hz)) ++counts[int(std::lround(69 + 12 * std::log2(hz / 440)))];
  int best = -1, most = 0;
  for (const auto& [note, count] : counts)
    if (count > most) best = note, most = count;
  return best;
}

int to_nearest_c(int note) {
  const int above = ((note % 12) + 12) % 12;
  return above > 6 ? 12 - above : -above;
}

std::vector<float> shifted(const std::vector<float>& samples, int sample_rate, int semitones) {
  const int as_if = int(std::lround(sample_rate * std::exp2(semitones / 12.0)));
  return resample(samples, as_if, sample_rate, Quality::kMedium);
}

}  // namespace nr
