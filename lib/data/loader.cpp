#include "data/loader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "data/crops.h"
#include "data/frames.h"
#include "data/prefetch.h"

namespace nr {
namespace {

constexpr float kUndefined = std::numeric_limits<float>::quiet_NaN();

std::vector<int> curves_of(const Dataset& dataset, const std::vector<Scale>& scales) {
  const auto& names = dataset.descriptors().names;
  std::vector<int> out;
  for (const Scale& scale : scales) {
    const auto at = std::find(names.begin(), names.end(), scale.descriptor);
    if (at == names.end()) fail("control '", scale.descriptor, "' was not measured", hint(scale.descriptor, names));
    out.push_back(static_cast<int>(at - names.begin()));
  }
  return out;
}

// Zeros, set by hand: a tensor operation large enough for OpenMP would give this thread a team of its own, and OpenMP, seeing more
// threads than cores, lets every team sleep between its regions: training took 1.8 times as long.
torch::Tensor zeros(torch::IntArrayRef shape, torch::ScalarType type = torch::kFloat) {
  torch::Tensor out = torch::empty(shape, type);
  std::memset(out.data_ptr(), 0, out.nbytes());
  return out;
}

Batch make_batch(int64_t items, int64_t samples, int64_t controls, int64_t frames) {
  Batch batch;
  batch.audio = zeros({items, 1, samples});
  batch.active = zeros({items, frames});
  if (controls) {
    batch.controls = zeros({items, controls, frames});
    batch.classes = zeros({items, controls, frames}, torch::kInt64);
  }
  return batch;
}

// Writes one item of a batch from the pieces that make it.
class ItemWriter {
 public:
  ItemWriter(const Dataset& dataset, const std::vector<Scale>& scales, int latent_hop)
      : dataset_(dataset), scales_(scales), curves_(curves_of(dataset, scales)), latent_hop_(latent_hop), ratio_(latent_ratio(dataset, latent_hop)) {}

  void write(Batch& batch, int64_t item, const std::vector<Piece>& pieces, const std::vector<const std::vector<bool>*>& active) const {
    const int64_t samples = batch.audio.size(2), frames = batch.active.size(1);
    float* audio = batch.audio.data_ptr<float>() + item * samples;
    float* mask = batch.active.data_ptr<float>() + item * frames;
    for (size_t p = 0; p < pieces.size(); ++p) {
      const Piece& piece = pieces[p];
      dataset_.read(piece.clip, piece.from, piece.to - piece.from, audio + piece.at);
      const auto [first, last] = measurements(piece);
      int64_t frame = piece.at / latent_hop_;
      for (const bool sounding : active_latent_frames(*active[p], first, last, ratio_)) mask[frame++] = sounding;
    }
    for (size_t c = 0; c < scales_.size(); ++c) {
      std::vector<float> row(frames, kUndefined);
      for (const Piece& piece : pieces) {
        const float* curve = dataset_.curve(piece.clip, curves_[c], nullptr);
        const auto [first, last] = measurements(piece);
        const std::vector<float> latent = average({curve + first, curve + last}, ratio_);
        std::copy(latent.begin(), latent.end(), row.begin() + piece.at / latent_hop_);
      }
      fill_gaps(row, scales_[c].physical(0));
      const int64_t at = (item * static_cast<int64_t>(scales_.size()) + static_cast<int64_t>(c)) * frames;
      for (int64_t frame = 0; frame < frames; ++frame) {
        batch.controls.data_ptr<float>()[at + frame] = scales_[c].normalise(row[frame]);
        batch.classes.data_ptr<int64_t>()[at + frame] = scales_[c].class_of(row[frame]);
      }
    }
  }

 private:
  std::pair<int64_t, int64_t> measurements(const Piece& piece) const {
    const int hop = dataset_.descriptors().hop;
    return {piece.from / hop, (piece.to + hop - 1) / hop};
  }

  const Dataset& dataset_;
  std::vector<Scale> scales_;
  std::vector<int> curves_;
  int latent_hop_, ratio_;
};

// Neither changes a descriptor: polarity, and the noise that rounding to 16 bits took away.
void augment(float* audio, int64_t samples, Random& random) {
  const float sign = random() >> 63 ? -1.f : 1.f;
  for (int64_t i = 0; i < samples; ++i)
    audio[i] = std::clamp(sign * audio[i] + static_cast<float>(random.uniform(-0x1p-16, 0x1p-16)), -1.f, 1.f - 0x1p-16f);
}

}  // namespace

struct Loader::State {
  const Dataset& dataset;
  LoaderConfig config;
  ItemWriter writer;
  Crops crops;
  size_t controls;
  std::vector<std::vector<bool>> active;  // a clip of the dataset; empty where not of this split
  std::unique_ptr<Prefetch<Batch>> prefetch;

  static std::vector<int64_t> lengths(const Dataset& dataset) {
    std::vector<int64_t> out;
    for (const ClipInfo& clip : dataset.clips()) out.push_back(clip.samples);
    return out;
  }

  State(const Dataset& d, Split split, const std::vector<Scale>& scales, const LoaderConfig& c)
      : dataset(d),
        config(c),
        writer(d, scales, c.latent_hop),
        crops(d.split(split), lengths(d), d.config().segment, d.descriptors().hop, c.latent_hop),
        controls(scales.size()),
        active(d.clips().size()) {
    for (const int clip : d.split(split)) active[clip] = active_measurements(d, clip);
    prefetch = std::make_unique<Prefetch<Batch>>([this](int64_t step) { return make(step); }, config.threads);
  }

  Batch make(int64_t step) const {
    const int64_t segment = dataset.config().segment;
    Batch batch = make_batch(config.batch, segment, static_cast<int64_t>(controls), segment / config.latent_hop);
    for (int item = 0; item < config.batch; ++item) {
      Random random(config.seed, step, item);
      const std::vector<Piece> pieces = crops.draw(random);
      std::vector<const std::vector<bool>*> sounding;
      for (const Piece& piece : pieces) sounding.push_back(&active[piece.clip]);
      writer.write(batch, item, pieces, sounding);
      if (config.augment) augment(batch.audio.data_ptr<float>() + item * segment, segment, random);
    }
    return batch;
  }
};

Loader::Loader(const Dataset& dataset, Split split, std::vector<Scale> scales, const LoaderConfig& config)
    : state_(new State(dataset, split, scales, config)) {}
Loader::~Loader() = default;
Batch Loader::batch(int64_t step) { return state_->prefetch->get(step); }

Batch whole_clip(const Dataset& dataset, int clip, const std::vector<Scale>& scales, int latent_hop) {
  const int64_t samples = dataset.clips().at(clip).samples, frames = (samples + latent_hop - 1) / latent_hop;
  Batch batch = make_batch(1, frames * latent_hop, static_cast<int64_t>(scales.size()), frames);
  const std::vector<bool> active = active_measurements(dataset, clip);
  ItemWriter(dataset, scales, latent_hop).write(batch, 0, {{clip, 0, samples, 0}}, {&active});
  return batch;
}

}  // namespace nr
