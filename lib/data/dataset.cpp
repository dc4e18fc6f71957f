#include "data/dataset.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/log.h"
#include "data/cache.h"
#include "data/frames.h"
#include "data/record.h"

namespace nr {

struct Dataset::State {
  DataConfig data;
  DescriptorConfig descriptors;
  CacheReader cache;
  Index index;
  struct Mapped {
    const float* curves;
    int64_t measurements;
    std::vector<const char*> blocks;  // of kPcmBlock int16 samples
  };
  std::vector<Mapped> mapped;  // everything is looked up once: afterwards any thread may read

  State(const DataConfig& d, const DescriptorConfig& c) : data(d), descriptors(c), cache(d.cache) {
    const auto bytes = cache.get(kIndexKey);
    if (!bytes) fail("cache ", data.cache, ": holds nothing finished; run prepare again");
    index = unpack_index(*bytes);
    const auto same = [&](const std::string& made, const std::string& asked) {
      if (made != asked) fail("cache ", data.cache, ": was made with [", made, "], the config asks for [", asked, "]: run prepare again");
    };
    same(index.measured, measured_text(data, descriptors));
    same(index.chosen, chosen_text(data));
    for (size_t i = 0; i < index.clips.size(); ++i) mapped.push_back(map(i));
  }

  Mapped map(size_t clip) const {
    const int64_t samples = index.clips[clip].samples;
    const auto expect = [&](const std::string& key, uint64_t bytes) {
      const auto value = cache.get(key);
      if (!value || value->size() < bytes)
        fail("cache ", data.cache, ": is damaged (", index.clips[clip].path, " is not whole in it); delete the folder and run prepare again");
      return value->data();
    };
    Mapped out;
    out.measurements = (samples + descriptors.hop - 1) / descriptors.hop;
    const char* curves = expect(record_key(index.keys[clip]), sizeof(float) * out.measurements * stored_curves(descriptors).size());
    out.curves = reinterpret_cast<const float*>(curves);
    for (int64_t start = 0; start < samples; start += kPcmBlock)
      out.blocks.push_back(expect(pcm_key(index.keys[clip], start / kPcmBlock), sizeof(int16_t) * std::min(kPcmBlock, samples - start)));
    return out;
  }
};

Dataset::Dataset(const DataConfig& data, const DescriptorConfig& descriptors) : state_(new State(data, descriptors)) {}
Dataset::~Dataset() = default;
const DataConfig& Dataset::config() const { return state_->data; }
const DescriptorConfig& Dataset::descriptors() const { return state_->descriptors; }
const std::vector<ClipInfo>& Dataset::clips() const { return state_->index.clips; }

std::vector<int> Dataset::split(Split which) const {
  std::vector<int> out;
  for (size_t i = 0; i < clips().size(); ++i)
    if (clips()[i].split == which) out.push_back(static_cast<int>(i));
  return out;
}

void Dataset::read(int clip, int64_t start, int64_t count, float* out) const {
  const int64_t samples = clips().at(clip).samples;
  int64_t at = start;
  for (const int64_t end = start + count; at < std::min(end, samples);) {
    if (at < 0) {
      *out++ = 0;
      ++at;
      continue;
    }
    const int64_t block = at / kPcmBlock, first = at % kPcmBlock, take = std::min({end - at, samples - at, kPcmBlock - first});
    const char* from = state_->mapped[clip].blocks[block] + first * sizeof(int16_t);
    for (int64_t i = 0; i < take; ++i) {
      int16_t sample;
      std::memcpy(&sample, from + i * sizeof sample, sizeof sample);
      *out++ = static_cast<float>(sample) / 32768;
    }
    at += take;
  }
  if (at < start + count) std::fill(out, out + (start + count - at), 0.f);
}

std::vector<float> Dataset::samples(int clip) const {
  std::vector<float> out(clips().at(clip).samples);
  read(clip, 0, static_cast<int64_t>(out.size()), out.data());
  return out;
}

const float* Dataset::curve(int clip, int descriptor, int64_t* measurements) const {
  const auto& mapped = state_->mapped.at(clip);
  if (descriptor < 0 || descriptor >= static_cast<int>(descriptors().names.size())) fail("no curve ", descriptor, " in the dataset");
  if (measurements) *measurements = mapped.measurements;
  return mapped.curves + descriptor * mapped.measurements;
}

const float* Dataset::rms(int clip, int64_t* measurements) const {
  const auto stored = stored_curves(descriptors());
  const auto& mapped = state_->mapped.at(clip);
  if (measurements) *measurements = mapped.measurements;
  return mapped.curves + (std::find(stored.begin(), stored.end(), "rms") - stored.begin()) * mapped.measurements;
}

std::vector<Scale> Dataset::fit_scales(int latent_hop) const {
  const std::vector<std::string>& names = descriptors().names;
  const std::vector<int> train = split(Split::kTrain);
  if (train.empty()) fail("cache ", config().cache, ": the training split is empty");
  const int ratio = latent_ratio(*this, latent_hop);
  std::vector<std::vector<bool>> active;
  for (const int clip : train) {
    const std::vector<bool> measurements = active_measurements(*this, clip);
    active.push_back(active_latent_frames(measurements, 0, static_cast<int64_t>(measurements.size()), ratio));
  }
  std::vector<Scale> scales;
  for (size_t d = 0; d < names.size(); ++d) {
    std::vector<float> values;
    for (size_t i = 0; i < train.size(); ++i) {
      int64_t measurements = 0;
      const float* curve = this->curve(train[i], static_cast<int>(d), &measurements);
      const std::vector<float> latent = average({curve, curve + measurements}, ratio);
      for (size_t frame = 0; frame < latent.size(); ++frame)
        if (active[i][frame]) values.push_back(latent[frame]);
    }
    const auto& controls = descriptors().controls;
    if (std::find(controls.begin(), controls.end(), names[d]) != controls.end()) {
      scales.push_back(fit_scale(names[d], std::move(values), descriptors().classes));
      continue;
    }
    try {  // pitch of a set of drums: measured and reported, but nothing to steer
      scales.push_back(fit_scale(names[d], std::move(values), descriptors().classes));
    } catch (const Error& error) {
      log_warning(error.what());
      const Descriptor& row = nr::descriptors().at(names[d]);
      scales.push_back({names[d], warp(row.warp, row.low), warp(row.warp, row.high < 0 ? config().sample_rate / 2.0 : row.high), {}});
    }
  }
  return scales;
}

}  // namespace nr
