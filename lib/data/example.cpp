#include "data/example.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/names.h"
#include "data/frames.h"

namespace nr {
namespace {

constexpr float kUndefined = std::numeric_limits<float>::quiet_NaN();

std::vector<Scale> measured(const std::vector<Scale>& scales) {
  std::vector<Scale> out;
  std::copy_if(scales.begin(), scales.end(), std::back_inserter(out), [](const Scale& s) { return s.measured(); });
  return out;
}

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

// Where an item's values begin.
float* row_of(const torch::Tensor& tensor, int64_t item) {
  return tensor.data_ptr<float>() + item * (tensor.numel() / tensor.size(0));
}

void set_active(Batch& batch, int64_t item, const std::vector<bool>& frames) {
  std::copy(frames.begin(), frames.end(), row_of(batch.active, item));
}

}  // namespace

ExampleWriter::ExampleWriter(const Dataset& dataset, const std::vector<Scale>& scales, int latent_hop)
    : dataset_(dataset),
      scales_(measured(scales)),
      curves_(curves_of(dataset, scales_)),
      latent_hop_(latent_hop),
      ratio_(latent_ratio(dataset, latent_hop)),
      framing_{dataset.config().sample_rate, dataset.descriptors().window, dataset.descriptors().hop} {
  for (const Scale& scale : scales_) measured_.push_back(scale.descriptor);
  rms_ = std::find(measured_.begin(), measured_.end(), "rms") - measured_.begin();
  if (rms_ == measured_.size()) measured_.push_back("rms");
  margin_ = nr::margin(measured_, framing_, latent_hop);
}

Batch ExampleWriter::zeros(int64_t examples, int64_t frames) const {
  const auto controls = static_cast<int64_t>(scales_.size()), samples = frames * latent_hop_;
  const auto parameters = static_cast<int64_t>(dataset_.parameters().size());
  Batch batch;
  batch.audio = plain_zeros({examples, 1, samples});
  batch.active = plain_zeros({examples, frames});
  if (controls) {
    batch.controls = plain_zeros({examples, controls, frames});
    batch.classes = plain_zeros({examples, controls, frames}, torch::kInt64);
  }
  for (const auto& [name, classes] : dataset_.label_groups())
    batch.labels[name] = plain_zeros({examples, static_cast<int64_t>(classes.size())});
  if (parameters) {
    batch.parameters = plain_zeros({examples, parameters});
    batch.parameter_mask = plain_zeros({examples, parameters});
  }
  if (const auto tags = static_cast<int64_t>(dataset_.config().tags.size())) batch.tags = plain_zeros({examples, tags});
  if (!dataset_.config().wet.empty()) batch.wet = plain_zeros({examples, 1, samples});
  return batch;
}

void ExampleWriter::write(Batch& batch, int64_t item, const std::vector<Piece>& pieces,
                          const std::vector<const std::vector<bool>*>& active) const {
  const int64_t frames = batch.active.size(1);
  std::vector<bool> sounding(frames);
  for (size_t p = 0; p < pieces.size(); ++p) {
    const Piece& piece = pieces[p];
    const int64_t samples = piece.to - piece.from;
    dataset_.read(piece.clip, piece.from, samples, row_of(batch.audio, item) + piece.at);
    if (batch.wet.defined())
      dataset_.read(piece.clip, piece.from, samples, row_of(batch.wet, item) + piece.at, DryWet::kWet);
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

std::vector<float> ExampleWriter::sound(const std::vector<Piece>& pieces, int64_t before, int64_t length,
                                        DryWet sound) const {
  std::vector<float> out(before + length + before);
  for (const Piece& piece : pieces) {
    const bool first = piece.at == 0, last = &piece == &pieces.back();
    const int64_t from = first ? piece.from - before : piece.from;
    const int64_t to = last ? piece.from + length - piece.at + before : piece.to;
    dataset_.read(piece.clip, from, to - from, out.data() + (first ? 0 : before + piece.at), sound);
  }
  return out;
}

void ExampleWriter::write_measured(Batch& batch, int64_t item, const std::vector<float>& audio) const {
  const int64_t samples = batch.audio.size(2);
  std::copy_n(audio.begin() + margin_, samples, row_of(batch.audio, item));
  const std::vector<std::vector<float>> curves = analyse(audio, measured_, framing_);
  const auto of_segment = [&](const std::vector<float>& curve) {
    const auto first = curve.begin() + margin_ / framing_.hop;
    return std::vector<float>(first, first + samples / framing_.hop);
  };
  const std::vector<bool> active = active_frames(of_segment(curves[rms_]));
  set_active(batch, item, active_latent_frames(active, 0, static_cast<int64_t>(active.size()), ratio_));
  for (size_t c = 0; c < scales_.size(); ++c) set_controls(batch, item, c, average(of_segment(curves[c]), ratio_));
}

void ExampleWriter::write_labels(Batch& batch, int64_t item, const std::map<int, double>& shares) const {
  const std::vector<LabelGroup>& groups = dataset_.label_groups();
  for (size_t g = 0; g < groups.size(); ++g) {
    float* row = row_of(batch.labels.at(groups[g].name), item);
    for (const auto& [clip, share] : shares)
      row[dataset_.label(clip, static_cast<int>(g))] += static_cast<float>(share);
  }
  if (shares.size() != 1) return;
  const std::vector<float>& parameters = dataset_.parameters(shares.begin()->first);
  for (size_t p = 0; p < parameters.size(); ++p) {
    if (std::isnan(parameters[p])) continue;
    row_of(batch.parameters, item)[p] = parameters[p];
    row_of(batch.parameter_mask, item)[p] = 1;
  }
  const std::vector<float>& tags = dataset_.tags(shares.begin()->first);
  if (!tags.empty()) std::copy(tags.begin(), tags.end(), row_of(batch.tags, item));
}

std::pair<int64_t, int64_t> ExampleWriter::measurements(const Piece& piece) const {
  return {piece.from / framing_.hop, (piece.to + framing_.hop - 1) / framing_.hop};
}

void ExampleWriter::set_controls(Batch& batch, int64_t item, size_t control, std::vector<float> row) const {
  fill_gaps(row, scales_[control].physical(0));
  const int64_t frames = batch.active.size(1);
  const int64_t at = (item * static_cast<int64_t>(scales_.size()) + static_cast<int64_t>(control)) * frames;
  for (int64_t frame = 0; frame < frames; ++frame) {
    batch.controls.data_ptr<float>()[at + frame] = scales_[control].normalise(row[frame]);
    batch.classes.data_ptr<int64_t>()[at + frame] = scales_[control].class_of(row[frame]);
  }
}

}  // namespace nr
