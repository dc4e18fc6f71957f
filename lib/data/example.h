// Clips -> one example of a batch.
#pragma once
#include <string>
#include <vector>

#include "data/batch.h"
#include "data/crops.h"
#include "data/dataset.h"
#include "descriptors/descriptor.h"

namespace nr {

class ExampleWriter {
 public:
  // scales: one per control; knobs are the loader's. Error when the dataset did not measure one.
  ExampleWriter(const Dataset& dataset, const std::vector<Scale>& scales, int latent_hop);

  // n examples of so many latent frames, zero; every tensor that the configuration asks for but `draws`.
  Batch zeros(int64_t examples, int64_t frames) const;

  // Sound of the pieces, with the curves that were measured when the recordings were prepared.
  // active: of each piece the active frames of its whole clip, one per measurement.
  void write(Batch& batch, int64_t item, const std::vector<Piece>& pieces,
             const std::vector<const std::vector<bool>*>& active) const;

  // Sound of the pieces, which cover `length` samples, with what lies before the first and after the last: `before`
  // samples on either side, enough for every measurement of a segment.
  std::vector<float> sound(const std::vector<Piece>& pieces, int64_t before, int64_t length, DryWet sound) const;
  int64_t margin() const { return margin_; }
  // Such a sound, with curves measured anew. audio: margin(), a segment, margin().
  void write_measured(Batch& batch, int64_t item, const std::vector<float>& audio) const;

  // What is known of the clips that the example is made of. shares: clip -> share of its samples.
  void write_labels(Batch& batch, int64_t item, const std::map<int, double>& shares) const;

 private:
  std::pair<int64_t, int64_t> measurements(const Piece& piece) const;  // first, one past the last
  void set_controls(Batch& batch, int64_t item, size_t control, std::vector<float> row) const;

  const Dataset& dataset_;
  std::vector<Scale> scales_;
  std::vector<int> curves_;
  std::vector<std::string> measured_;  // one per scale, and rms
  size_t rms_ = 0;                     // its place
  int latent_hop_, ratio_;
  Framing framing_;
  int64_t margin_;
};

}  // namespace nr
