#include "effects/knobs.h"

#include <algorithm>

#include "base/error.h"

namespace nr {
namespace {

// "tanh.drive" and "tanh.drive_2" -> "drive". A choice is called "effect" in every place.
std::string own_name(const SynthParameter& column, size_t place) {
  std::string out = column.name.substr(column.name.find('.') + 1);
  const std::string end = text("_", place + 1);
  if (out.size() > end.size() && out.compare(out.size() - end.size(), end.size(), end) == 0)
    out.resize(out.size() - end.size());
  return out;
}

Scale scale_of(const SynthParameter& column, const std::string& name, double low, double high, int classes) {
  Scale out;
  // An octave scale begins at 1: a range that reaches below it turns linearly.
  const bool octaves = column.law == SynthParameter::Law::kLogarithmic && low >= 1;
  out.descriptor = name, out.knob = octaves ? "octave" : "linear";
  if (!column.unit.empty()) out.knob_unit = column.unit;
  out.low = warp(out.warp(), low), out.high = warp(out.warp(), high);
  for (int i = 1; i < classes; ++i) out.edges.push_back(out.low + (out.high - out.low) * i / classes);
  return out;
}

}  // namespace

Knobs::Knobs(const ChainConfig& config, int classes) : labels_(config) {
  struct Known {
    size_t place;
    std::string name;
  };
  std::vector<Known> known;
  for (size_t c = 0; c < labels_.columns().size(); ++c) {
    const SynthParameter& column = labels_.columns()[c];
    const size_t place = labels_.place(c);
    const std::string name = own_name(column, place);
    const auto [low, high] = labels_.drawn(c);
    const auto same = [&](const Known& k) { return k.place == place && k.name == name; };
    if (const auto at = std::find_if(known.begin(), known.end(), same); at != known.end()) {
      const auto knob = size_t(at - known.begin());
      const SynthParameter& first = labels_.columns()[columns_[knob][0]];
      if (labels_.drawn(columns_[knob][0]) != std::pair{low, high} || first.unit != column.unit ||
          first.law != column.law)
        fail(config.source.where(), "effects: ", first.name, " and ", column.name, " are one knob, but are drawn from ",
             labels_.drawn(columns_[knob][0]).first, " to ", labels_.drawn(columns_[knob][0]).second, " and from ", low,
             " to ", high, "; expected the same range, unit and law");
      columns_[knob].push_back(c);
      continue;
    }
    const bool taken = std::any_of(known.begin(), known.end(), [&](const Known& k) { return k.name == name; });
    known.push_back({place, name}), columns_.push_back({c});
    scales_.push_back(scale_of(column, taken ? text(name, "_", place + 1) : name, low, high, classes));
  }
}

std::vector<std::string> Knobs::names() const {
  std::vector<std::string> out;
  for (const Scale& scale : scales_) out.push_back(scale.descriptor);
  return out;
}

void Knobs::of(const Links& links, Random& draw, float* positions) const {
  std::vector<float> values(labels_.columns().size()), known(values.size());
  labels_.of(links, values.data(), known.data());
  for (size_t k = 0; k < scales_.size(); ++k) {
    positions[k] = float(2 * draw.uniform() - 1);
    for (const size_t c : columns_[k])
      if (known[c] > 0) positions[k] = scales_[k].normalise(values[c]);
  }
}

Links Knobs::links(const float* positions) const {
  std::vector<float> values(labels_.columns().size());
  for (size_t k = 0; k < scales_.size(); ++k)
    for (const size_t c : columns_[k]) values[c] = scales_[k].physical(positions[k]);
  return labels_.links(values.data());
}

}  // namespace nr
