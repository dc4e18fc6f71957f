#include "data/dataset.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/names.h"
#include "data/cache.h"
#include "data/frames.h"
#include "data/labels.h"
#include "data/record.h"
#include "data/split.h"
#include "data/tags.h"

namespace nr {

struct Dataset::State {
  DataConfig data;
  DescriptorConfig descriptors;
  CacheReader cache;
  Index index;
  std::vector<int64_t> first;  // by clip: where it begins in its recording, of `whole` samples
  std::vector<int64_t> whole;
  struct Mapped {
    const float* curves;  // of the whole recording, `stride` measurements each
    int64_t stride, measurements;
    int64_t first;  // sample of the recording at which the clip begins
    std::map<DryWet, std::vector<const char*>> blocks;  // of kPcmBlock int16 samples
  };
  std::vector<Mapped> mapped;  // everything is looked up once: afterwards any thread may read
  std::vector<LabelGroup> groups;
  std::vector<std::vector<int>> labels;        // class, by clip and group
  std::vector<std::vector<float>> parameters;  // by clip and parameter
  std::vector<std::vector<float>> tags;        // by clip and tag

  State(const DataConfig& d, const DescriptorConfig& c, const std::map<std::string, Split>& splits)
      : data(d), descriptors(c), cache(d.cache) {
    const auto bytes = cache.get(kIndexKey);
    if (!bytes) fail("cache ", data.cache, ": holds nothing finished; run prepare again");
    index = unpack_index(*bytes);
    const auto same = [&](const std::string& made, const std::string& asked) {
      if (made != asked)
        fail("cache ", data.cache, ": was made with [", made, "], the config asks for [", asked,
             "]: run prepare again");
    };
    same(index.measured, measured_text(data, descriptors));
    same(index.chosen, chosen_text(data));
    check_labels("data.labels", data.labels, index.clips);
    for (const auto& [label, classes] : data.classes)
      if (!contains(data.labels, label))
        fail("data.classes: '", label, "' is not among data.labels", hint(label, data.labels));
    keep_classes(data.classes, [&](size_t i) { return is_silent(i); }, index.clips, index.keys);
    first.assign(index.clips.size(), 0);
    for (const ClipInfo& clip : index.clips) whole.push_back(clip.samples);
    if (contains(data.legacy, "split_by_chunk")) cut_into_chunks();
    for (size_t i = 0; i < index.clips.size(); ++i) mapped.push_back(map(i));
    for (ClipInfo& clip : index.clips)
      if (const auto stored = splits.find(clip.path); stored != splits.end()) clip.split = stored->second;
    read_labels();
  }

  bool is_silent(size_t clip) const {
    const auto record = cache.get(record_key(index.keys[clip]));
    return record && unpack_record(*record).silent;
  }

  // Each recording becomes clips of data.segment samples, the last one shorter, with splits by their own names.
  void cut_into_chunks() {
    for (const auto& [field, value] : {std::pair<const char*, std::string>{"group", data.group},
                                       {"stratify", data.stratify},
                                       {"train_only", join(data.train_only, " ")}})
      if (!value.empty()) fail("data.legacy: split_by_chunk does not go with data.", field, " (", value, ")");
    if (data.segment % descriptors.hop)
      fail("data.legacy: split_by_chunk: descriptors.hop (", descriptors.hop, ") must divide data.segment (",
           data.segment, ")");
    Index cut{index.measured, index.chosen, {}, {}, {}};
    std::vector<std::string> names;
    std::vector<int64_t> wholes;
    first.clear();
    for (size_t i = 0; i < index.clips.size(); ++i)
      for (int64_t at = 0; at < whole[i]; at += data.segment) {
        ClipInfo chunk = index.clips[i];
        chunk.path = text(chunk.path, " (chunk ", at / data.segment + 1, ")");
        chunk.samples = std::min<int64_t>(data.segment, whole[i] - at);
        names.push_back(chunk.path), first.push_back(at), wholes.push_back(whole[i]);
        cut.clips.push_back(std::move(chunk));
        cut.keys.push_back(index.keys[i]), cut.contents.push_back(index.contents[i]);
      }
    const std::vector<Split> splits =
        assign_splits(names, std::vector<std::string>(names.size()), data.validation, data.test);
    for (size_t i = 0; i < splits.size(); ++i) cut.clips[i].split = splits[i];
    index = std::move(cut), whole = std::move(wholes);
  }

  void read_labels() {
    check_labels("data.parameters", data.parameters, index.clips);
    for (const std::string& name : data.labels) {
      const auto given = data.classes.find(name);
      groups.push_back(given == data.classes.end() ? label_group(name, index.clips) : LabelGroup{name, given->second});
    }
    for (const ClipInfo& clip : index.clips) {
      labels.emplace_back();
      for (const auto& [name, classes] : groups) {
        const auto at = std::find(classes.begin(), classes.end(), clip.labels.at(name));
        labels.back().push_back(static_cast<int>(at - classes.begin()));
      }
      parameters.push_back(numbers_of(clip, data.parameters));
    }
  }

  Mapped map(size_t clip) const {
    const int64_t samples = whole[clip];
    const auto expect = [&](const std::string& key, uint64_t bytes) {
      const auto value = cache.get(key);
      if (!value || value->size() < bytes)
        fail("cache ", data.cache, ": is damaged (", index.clips[clip].path,
             " is not whole in it); delete the folder and run prepare again");
      return value->data();
    };
    Mapped out;
    const auto measurements = [&](int64_t n) { return (n + descriptors.hop - 1) / descriptors.hop; };
    out.stride = measurements(samples), out.measurements = measurements(index.clips[clip].samples);
    out.first = first[clip];
    const uint64_t curve_bytes = sizeof(float) * out.stride * stored_curves(descriptors).size();
    out.curves = reinterpret_cast<const float*>(expect(record_key(index.keys[clip]), curve_bytes));
    std::map<DryWet, std::string> sounds{{DryWet::kDry, index.keys[clip]}};
    if (!data.wet.empty()) sounds[DryWet::kWet] = wet_key(index.keys[clip]);
    for (const auto& [sound, key] : sounds)
      for (int64_t start = 0; start < samples; start += kPcmBlock) {
        const uint64_t bytes = sizeof(int16_t) * std::min(kPcmBlock, samples - start);
        out.blocks[sound].push_back(expect(pcm_key(key, start / kPcmBlock), bytes));
      }
    return out;
  }
};

Dataset::Dataset(const DataConfig& data, const DescriptorConfig& descriptors,
                 const std::map<std::string, Split>& splits)
    : state_(new State(data, descriptors, splits)) {
  state_->tags = tags_of(*this);
}
Dataset::~Dataset() = default;
const DataConfig& Dataset::config() const { return state_->data; }
const DescriptorConfig& Dataset::descriptors() const { return state_->descriptors; }
const std::vector<ClipInfo>& Dataset::clips() const { return state_->index.clips; }
const std::vector<LabelGroup>& Dataset::label_groups() const { return state_->groups; }
int Dataset::label(int clip, int group) const { return state_->labels.at(clip).at(group); }
const std::vector<std::string>& Dataset::parameters() const { return config().parameters; }
const std::vector<float>& Dataset::parameters(int clip) const { return state_->parameters.at(clip); }
const std::vector<float>& Dataset::tags(int clip) const { return state_->tags.at(clip); }

std::vector<int> Dataset::split(Split which) const {
  std::vector<int> out;
  for (size_t i = 0; i < clips().size(); ++i)
    if (clips()[i].split == which) out.push_back(static_cast<int>(i));
  return out;
}

std::map<std::string, Split> Dataset::splits() const {
  std::map<std::string, Split> out;
  for (const ClipInfo& clip : clips()) out[clip.path] = clip.split;
  return out;
}

uint64_t Dataset::fingerprint() const {
  const Index& index = state_->index;
  std::set<std::string> named(config().labels.begin(), config().labels.end());
  named.insert(config().parameters.begin(), config().parameters.end());
  named.insert(config().tags.begin(), config().tags.end());
  named.insert(config().balance);
  uint64_t hash = hash64(index.measured + "\n" + index.chosen);
  for (size_t i = 0; i < index.clips.size(); ++i) {
    const ClipInfo& clip = index.clips[i];
    const int split = static_cast<int>(clip.split);
    hash = hash64(text("\n", clip.path, "\n", clip.samples, " ", hex(index.contents[i]), " ", split), hash);
    for (const auto& [name, value] : clip.labels)
      if (named.count(name)) hash = hash64(text("\n", name, "=", value), hash);
  }
  return hash;
}

void Dataset::read(int clip, int64_t start, int64_t count, float* out, DryWet sound) const {
  const int64_t samples = clips().at(clip).samples;
  const auto blocks = state_->mapped[clip].blocks.find(sound);
  if (blocks == state_->mapped[clip].blocks.end()) fail("data.wet is empty: there is no wet sound to read");
  int64_t at = start;
  for (const int64_t end = start + count; at < std::min(end, samples);) {
    if (at < 0) {
      *out++ = 0;
      ++at;
      continue;
    }
    const int64_t place = state_->mapped[clip].first + at, inside = place % kPcmBlock;
    const int64_t take = std::min({end - at, samples - at, kPcmBlock - inside});
    const char* from = blocks->second[place / kPcmBlock] + inside * sizeof(int16_t);
    for (int64_t i = 0; i < take; ++i) {
      int16_t sample;
      std::memcpy(&sample, from + i * sizeof sample, sizeof sample);
      *out++ = static_cast<float>(sample) / 32768;
    }
    at += take;
  }
  if (at < start + count) std::fill(out, out + (start + count - at), 0.f);
}

std::vector<float> Dataset::samples(int clip, DryWet sound) const {
  std::vector<float> out(clips().at(clip).samples);
  read(clip, 0, static_cast<int64_t>(out.size()), out.data(), sound);
  return out;
}

const float* Dataset::curve(int clip, int descriptor, int64_t* measurements) const {
  const auto& mapped = state_->mapped.at(clip);
  if (descriptor < 0 || descriptor >= static_cast<int>(descriptors().names.size()))
    fail("no curve ", descriptor, " in the dataset");
  if (measurements) *measurements = mapped.measurements;
  return mapped.curves + descriptor * mapped.stride + mapped.first / descriptors().hop;
}

const float* Dataset::rms(int clip, int64_t* measurements) const {
  const auto stored = stored_curves(descriptors());
  const auto& mapped = state_->mapped.at(clip);
  if (measurements) *measurements = mapped.measurements;
  return mapped.curves + (std::find(stored.begin(), stored.end(), "rms") - stored.begin()) * mapped.stride +
         mapped.first / descriptors().hop;
}

std::vector<Scale> Dataset::fit_scales(int latent_hop, const Ranges& fixed) const {
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
    const Descriptor& row = nr::descriptors().at(names[d]);
    const auto range = fixed.find(names[d]);
    const bool fits = range == fixed.end() || !range->second.low || !range->second.high,
               must_fit = fits && contains(descriptors().controls, names[d]);
    try {
      scales.push_back(fit_scale(names[d], std::move(values), descriptors().classes));
    } catch (const Error& error) {  // pitch of a set of drums: measured and reported, but nothing to steer
      if (must_fit) throw;
      log_warning(error.what());
      const double high = row.high < 0 ? config().sample_rate / 2.0 : row.high;
      scales.push_back({names[d], warp(row.warp, row.low), warp(row.warp, high), {}});
    }
    if (range == fixed.end()) continue;
    const auto& [low, high] = range->second;
    scales.back().low = low ? warp(row.warp, *low) : scales.back().low;
    scales.back().high = high ? warp(row.warp, *high) : scales.back().high;
  }
  return scales;
}

}  // namespace nr
