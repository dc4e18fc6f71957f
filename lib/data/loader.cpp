#include "data/loader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/error.h"
#include "data/augment.h"
#include "data/crops.h"
#include "data/example.h"
#include "data/frames.h"
#include "data/prefetch.h"
#include "effects/knobs.h"

namespace nr {
namespace {

int64_t round_up(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

std::vector<int64_t> lengths_of(const Dataset& dataset) {
  std::vector<int64_t> out;
  for (const ClipInfo& clip : dataset.clips()) out.push_back(clip.samples);
  return out;
}

// Chance of a sample of each clip, or of each whole clip: the same for all, or such that every value of the label is as
// likely as any other.
std::vector<double> chances(const Dataset& dataset, Split split, const std::string& label, bool whole) {
  std::vector<double> out(dataset.clips().size(), 1);
  if (label.empty()) return out;
  const auto value = [&](int clip) {
    const auto& labels = dataset.clips()[clip].labels;
    const auto found = labels.find(label);
    if (found == labels.end()) fail("data.balance: ", dataset.clips()[clip].path, " has no label '", label, "'");
    return found->second;
  };
  std::map<std::string, double> sizes;
  for (const int clip : dataset.split(split))
    sizes[value(clip)] += whole ? 1 : static_cast<double>(dataset.clips()[clip].samples);
  for (const int clip : dataset.split(split)) out[clip] = 1 / sizes[value(clip)];
  return out;
}

void check_pairs(const DataConfig& data) {
  if (data.effects.slots.empty()) fail("data.pairs: needs data.effects, the chain that makes them");
  if (!data.wet.empty()) fail("data.pairs: expected no data.wet, which has pairs of its own");
  if (!data.parameters.empty()) fail("data.pairs: expected no data.parameters; they are the chain's");
}

// Of data.effects, where these are the controls; else nothing.
std::optional<Knobs> knobs_of(const DataConfig& data, const std::vector<Scale>& scales) {
  const auto is_knob = [](const Scale& scale) { return !scale.measured(); };
  if (std::none_of(scales.begin(), scales.end(), is_knob)) return {};
  if (!data.pairs) fail("data.pairs: false, but a control is a knob: ", scales[0].descriptor);
  Knobs knobs(data.effects, int(scales[0].edges.size()) + 1);
  std::vector<std::string> names;
  for (const Scale& scale : scales) names.push_back(scale.descriptor);
  if (knobs.names() != names) fail("data.effects: has the knobs ", join(knobs.names()), ", expected ", join(names));
  return knobs;
}

// Zeros for an item's knobs, which stay where they are while it sounds.
void add_knobs(Batch& batch, const Knobs& knobs) {
  const int64_t n = batch.active.size(0), count = int64_t(knobs.scales().size()), frames = batch.active.size(1);
  batch.controls = plain_zeros({n, count, frames}), batch.classes = plain_zeros({n, count, frames}, torch::kInt64);
}

void set_knobs(Batch& batch, int64_t item, const Knobs& knobs, const Links& links, Random draw) {
  std::vector<float> positions(knobs.scales().size());
  knobs.of(links, draw, positions.data());
  for (size_t k = 0; k < positions.size(); ++k) {
    const Scale& scale = knobs.scales()[k];
    batch.controls[item][int64_t(k)].fill_(positions[k]);
    batch.classes[item][int64_t(k)].fill_(scale.class_of(scale.physical(positions[k])));
  }
}

}  // namespace

struct Loader::State {
  const Dataset& dataset;
  LoaderConfig config;
  ExampleWriter writer;
  Augmenter augmenter;
  const ChainConfig& effects;
  std::optional<ChainLabels> labels;  // of data.pairs
  std::optional<Knobs> knobs;
  int64_t length;  // samples that a segment is made from
  Crops crops;
  std::vector<std::vector<bool>> active;  // one per clip of the dataset; empty where not of this split
  std::unique_ptr<Prefetch<Batch>> prefetch;

  State(const Dataset& d, Split split, const std::vector<Scale>& scales, const LoaderConfig& c)
      : dataset(d),
        config(c),
        writer(d, scales, c.latent_hop),
        augmenter(c.augment ? d.config().augment : std::map<std::string, double>{}, !d.config().wet.empty()),
        effects(d.config().effects),
        knobs(knobs_of(d.config(), scales)),
        length(d.config().segment + extra(d.config().segment)),
        crops(d.split(split), lengths_of(d), chances(d, split, c.augment ? d.config().balance : "", c.whole),
              {static_cast<int>(length), d.descriptors().hop, c.latent_hop, c.whole}),
        active(d.clips().size()) {
    if (wets() && !d.config().wet.empty())
      fail("data.effects: expected none with data.wet, whose pairs they would part");
    if (d.config().pairs) {
      check_pairs(d.config());
      labels.emplace(effects);
    }
    for (const int clip : d.split(split)) active[clip] = active_measurements(d, clip);
    prefetch = std::make_unique<Prefetch<Batch>>([this](int64_t step) { return make(step); }, config.threads);
  }

  bool wets() const { return config.augment && !effects.slots.empty() && !dataset.config().pairs; }

  // Samples that so many may take up beyond their own number.
  int64_t extra(int64_t samples) const {
    const double more = static_cast<double>(samples) * (augmenter.fastest() - 1);
    return round_up(std::llround(std::ceil(more)), config.latent_hop);
  }

  Batch make(int64_t step) const {
    Batch batch = writer.zeros(config.batch, dataset.config().segment / config.latent_hop);
    const auto columns = static_cast<int64_t>(augmenter.draws().size());
    if (columns) batch.draws = plain_zeros({config.batch, columns});
    for (int item = 0; item < config.batch; ++item) {
      Random random(config.seed, step, config.first + item);
      const std::vector<Piece> pieces = crops.draw(random);
      if (augmenter.keeps_descriptors() && !wets()) write_kept(batch, item, pieces, random);
      else write_measured(batch, item, pieces, random);
    }
    if (labels) add_pairs(batch, step);
    return batch;
  }

  void write_kept(Batch& batch, int64_t item, const std::vector<Piece>& pieces, const Random& random) const {
    std::vector<const std::vector<bool>*> sounding;
    for (const Piece& piece : pieces) sounding.push_back(&active[piece.clip]);
    writer.write(batch, item, pieces, sounding);
    writer.write_labels(batch, item, shares(pieces, 0, length));
    for (const torch::Tensor& sound : {batch.audio, batch.wet}) {
      if (!sound.defined()) continue;
      float* at = sound.data_ptr<float>() + item * sound.size(2);
      std::vector<float> audio(at, at + sound.size(2));
      augment(batch, item, audio, random);
      std::copy(audio.begin(), audio.end(), at);
    }
  }

  void write_measured(Batch& batch, int64_t item, const std::vector<Piece>& pieces, const Random& random) const {
    const int64_t segment = dataset.config().segment, margin = writer.margin();
    const int64_t before = round_up(std::llround(std::ceil(margin * augmenter.fastest())), config.latent_hop);
    std::vector<float> audio = writer.sound(pieces, before, length, DryWet::kDry);
    const auto samples = static_cast<double>(audio.size());
    augment(batch, item, audio, random);
    const double speed = samples / static_cast<double>(audio.size());  // samples of the clip in one of the result
    // A whole clip begins where it begins; of a crop any place is as good.
    const int64_t start = std::llround(static_cast<double>(before) / speed);
    const int64_t from = config.whole ? std::max<int64_t>(0, start - margin) : 0;
    audio.erase(audio.begin(), audio.begin() + from);
    audio.resize(margin + segment + margin);
    writer.write_measured(batch, item, audio);
    const auto place = [&](int64_t at) { return std::llround(static_cast<double>(from + at) * speed) - before; };
    writer.write_labels(batch, item, shares(pieces, place(margin), place(margin + segment)));
    if (!batch.wet.defined()) return;
    std::vector<float> wet = writer.sound(pieces, before, length, DryWet::kWet);
    augment(batch, item, wet, random);
    std::copy_n(wet.begin() + from + margin, segment, batch.wet.data_ptr<float>() + item * segment);
  }

  // Behind the effects, as they sound from rest at the crop's begin.
  void add_pairs(Batch& batch, int64_t step) const {
    const int64_t n = config.batch, segment = dataset.config().segment;
    const auto columns = int64_t(labels->columns().size());
    batch.wet = plain_zeros({n, 1, segment}), batch.gain = plain_zeros({n});
    batch.parameters = plain_zeros({n, columns}), batch.parameter_mask = plain_zeros({n, columns});
    if (knobs) add_knobs(batch, *knobs);
    for (int64_t item = 0; item < n; ++item) {
      Random draw(effects.seed, config.seed, step, config.first + item);
      const Links links = draw_links(effects, draw);
      const float* dry = batch.audio.data_ptr<float>() + item * segment;
      const WetSound wet = apply(links, {dry, dry + segment}, dataset.config().sample_rate, effects.level);
      std::copy(wet.samples.begin(), wet.samples.end(), batch.wet.data_ptr<float>() + item * segment);
      batch.gain.data_ptr<float>()[item] = float(20 * std::log10(wet.gain));
      labels->of(links, batch.parameters.data_ptr<float>() + item * columns,
                 batch.parameter_mask.data_ptr<float>() + item * columns);
      if (knobs) set_knobs(batch, item, *knobs, links, draw);
    }
  }

  // Takes a copy of the generator: a dry sound and its wet version get the same draws.
  void augment(Batch& batch, int64_t item, std::vector<float>& audio, Random random) const {
    float* drawn = batch.draws.defined() ? batch.draws.data_ptr<float>() + item * batch.draws.size(1) : nullptr;
    augmenter.apply(audio, dataset.config().sample_rate, random, drawn);
    if (wets()) {
      Random draw(effects.seed, random());
      audio = apply(draw_links(effects, draw), audio, dataset.config().sample_rate, effects.level).samples;
    }
    for (float& sample : audio) sample = std::clamp(sample, -1.f, 1.f - 0x1p-16f);
  }
};

Loader::Loader(const Dataset& dataset, Split split, std::vector<Scale> scales, const LoaderConfig& config)
    : state_(new State(dataset, split, scales, config)) {}
Loader::~Loader() = default;
Batch Loader::batch(int64_t step) { return state_->prefetch->get(step); }
std::vector<std::string> Loader::draws() const { return state_->augmenter.draws(); }

Batch whole_clip(const Dataset& dataset, int clip, const std::vector<Scale>& scales, int latent_hop) {
  const int64_t samples = dataset.clips().at(clip).samples, frames = (samples + latent_hop - 1) / latent_hop;
  const ExampleWriter writer(dataset, scales, latent_hop);
  Batch batch = writer.zeros(1, frames);
  const std::vector<bool> active = active_measurements(dataset, clip);
  writer.write(batch, 0, {{clip, 0, samples, 0}}, {&active});
  writer.write_labels(batch, 0, {{clip, 1}});
  if (const std::optional<Knobs> knobs = knobs_of(dataset.config(), scales)) {
    const ChainConfig& effects = dataset.config().effects;
    Random draw(effects.seed, clip);
    const Links links = draw_links(effects, draw);
    add_knobs(batch, *knobs), set_knobs(batch, 0, *knobs, links, draw);
  }
  return batch;
}

}  // namespace nr
