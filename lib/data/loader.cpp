#include "data/loader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "base/error.h"
#include "data/augment.h"
#include "data/crops.h"
#include "data/frames.h"
#include "data/prefetch.h"
#include "descriptors/descriptor.h"

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

int64_t round_up(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// Writes one item of a batch from the pieces that make it.
class ItemWriter {
 public:
  ItemWriter(const Dataset& dataset, const std::vector<Scale>& scales, int latent_hop)
      : dataset_(dataset),
        scales_(scales),
        curves_(curves_of(dataset, scales)),
        latent_hop_(latent_hop),
        ratio_(latent_ratio(dataset, latent_hop)),
        framing_{dataset.config().sample_rate, dataset.descriptors().window, dataset.descriptors().hop} {
    for (const Scale& scale : scales) measured_.push_back(scale.descriptor);
    rms_ = std::find(measured_.begin(), measured_.end(), "rms") - measured_.begin();
    if (rms_ == measured_.size()) measured_.push_back("rms");
    margin_ = nr::margin(measured_, framing_, latent_hop);
  }

  // With the curves that were measured when the recordings were prepared.
  void write(Batch& batch, int64_t item, const std::vector<Piece>& pieces, const std::vector<const std::vector<bool>*>& active) const {
    const int64_t samples = batch.audio.size(2), frames = batch.active.size(1);
    float* audio = batch.audio.data_ptr<float>() + item * samples;
    std::vector<bool> sounding(frames);
    for (size_t p = 0; p < pieces.size(); ++p) {
      const Piece& piece = pieces[p];
      dataset_.read(piece.clip, piece.from, piece.to - piece.from, audio + piece.at);
      const auto [first, last] = measurements(piece);
      const std::vector<bool> frames_of_piece = active_latent_frames(*active[p], first, last, ratio_);
      std::copy(frames_of_piece.begin(), frames_of_piece.end(), sounding.begin() + piece.at / latent_hop_);
    }
    set_active(batch, item, sounding);
    for (size_t c = 0; c < scales_.size(); ++c) {
      std::vector<float> row(frames, kUndefined);
      for (const Piece& piece : pieces) {
        int64_t count = 0;
        const float* curve = dataset_.curve(piece.clip, curves_[c], &count);
        const auto [first, last] = measurements(piece);
        const std::vector<float> latent = average({curve + first, curve + last}, ratio_);
        std::copy(latent.begin(), latent.end(), row.begin() + piece.at / latent_hop_);
      }
      set_controls(batch, item, c, std::move(row));
    }
  }

  // The sound of the pieces, which cover `length` samples, with what lies before the first and after the last: `before` and after it
  // enough for every measurement of a segment.
  std::vector<float> sound(const std::vector<Piece>& pieces, int64_t before, int64_t length) const {
    std::vector<float> out(before + length + before);
    for (const Piece& piece : pieces) {
      const bool first = piece.at == 0, last = &piece == &pieces.back();
      const int64_t from = first ? piece.from - before : piece.from, to = last ? piece.from + length - piece.at + before : piece.to;
      dataset_.read(piece.clip, from, to - from, out.data() + (first ? 0 : before + piece.at));
    }
    return out;
  }

  int64_t margin() const { return margin_; }

  // With curves measured anew; audio: margin(), a segment, margin().
  void write_measured(Batch& batch, int64_t item, const std::vector<float>& audio) const {
    const int64_t samples = batch.audio.size(2);
    std::copy_n(audio.begin() + margin_, samples, batch.audio.data_ptr<float>() + item * samples);
    const std::vector<std::vector<float>> curves = analyse(audio, measured_, framing_);
    const auto of_segment = [&](const std::vector<float>& curve) {
      const auto first = curve.begin() + margin_ / framing_.hop;
      return std::vector<float>(first, first + samples / framing_.hop);
    };
    const std::vector<bool> active = active_frames(of_segment(curves[rms_]));
    set_active(batch, item, active_latent_frames(active, 0, static_cast<int64_t>(active.size()), ratio_));
    for (size_t c = 0; c < scales_.size(); ++c) set_controls(batch, item, c, average(of_segment(curves[c]), ratio_));
  }

 private:
  std::pair<int64_t, int64_t> measurements(const Piece& piece) const { return {piece.from / framing_.hop, (piece.to + framing_.hop - 1) / framing_.hop}; }

  static void set_active(Batch& batch, int64_t item, const std::vector<bool>& frames) {
    std::copy(frames.begin(), frames.end(), batch.active.data_ptr<float>() + item * batch.active.size(1));
  }

  void set_controls(Batch& batch, int64_t item, size_t c, std::vector<float> row) const {
    fill_gaps(row, scales_[c].physical(0));
    const int64_t frames = batch.active.size(1), at = (item * static_cast<int64_t>(scales_.size()) + static_cast<int64_t>(c)) * frames;
    for (int64_t frame = 0; frame < frames; ++frame) {
      batch.controls.data_ptr<float>()[at + frame] = scales_[c].normalise(row[frame]);
      batch.classes.data_ptr<int64_t>()[at + frame] = scales_[c].class_of(row[frame]);
    }
  }

  const Dataset& dataset_;
  std::vector<Scale> scales_;
  std::vector<int> curves_;
  std::vector<std::string> measured_;  // one a scale, and rms
  size_t rms_ = 0;                      // its place
  int latent_hop_, ratio_;
  Framing framing_;
  int64_t margin_;
};

// Chance of a sample of each clip: the same for all, or such that every value of the label is as likely as any other.
std::vector<double> chances(const Dataset& dataset, Split split, const std::string& label) {
  std::vector<double> out(dataset.clips().size(), 1);
  if (label.empty()) return out;
  const auto value = [&](int clip) {
    const auto& labels = dataset.clips()[clip].labels;
    const auto found = labels.find(label);
    if (found == labels.end()) fail("data.balance: ", dataset.clips()[clip].path, " has no label '", label, "'");
    return found->second;
  };
  std::map<std::string, double> samples;
  for (const int clip : dataset.split(split)) samples[value(clip)] += static_cast<double>(dataset.clips()[clip].samples);
  for (const int clip : dataset.split(split)) out[clip] = 1 / samples[value(clip)];
  return out;
}

}  // namespace

struct Loader::State {
  const Dataset& dataset;
  LoaderConfig config;
  ItemWriter writer;
  Augmenter augmenter;
  int64_t length;  // samples that a segment is made from
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
        augmenter(c.augment ? d.config().augment : std::map<std::string, double>{}),
        length(d.config().segment + round_up(std::llround(std::ceil(d.config().segment * (augmenter.fastest() - 1))), c.latent_hop)),
        crops(d.split(split), lengths(d), chances(d, split, c.augment ? d.config().balance : ""), static_cast<int>(length), d.descriptors().hop,
              c.latent_hop),
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
      if (augmenter.keeps_descriptors()) {
        write_kept(batch, item, pieces, random);
      } else {
        const int64_t margin = writer.margin(), before = round_up(std::llround(std::ceil(margin * augmenter.fastest())), config.latent_hop);
        std::vector<float> audio = writer.sound(pieces, before, length);
        augment(audio, random);
        audio.resize(margin + segment + margin);
        writer.write_measured(batch, item, audio);
      }
    }
    return batch;
  }

  void write_kept(Batch& batch, int64_t item, const std::vector<Piece>& pieces, Random& random) const {
    std::vector<const std::vector<bool>*> sounding;
    for (const Piece& piece : pieces) sounding.push_back(&active[piece.clip]);
    writer.write(batch, item, pieces, sounding);
    float* at = batch.audio.data_ptr<float>() + item * batch.audio.size(2);
    std::vector<float> audio(at, at + batch.audio.size(2));
    augment(audio, random);
    std::copy(audio.begin(), audio.end(), at);
  }

  void augment(std::vector<float>& audio, Random& random) const {
    augmenter.apply(audio, dataset.config().sample_rate, random);
    for (float& sample : audio) sample = std::clamp(sample, -1.f, 1.f - 0x1p-16f);
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
