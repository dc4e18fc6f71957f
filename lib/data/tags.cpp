#include "data/tags.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/names.h"
#include "data/frames.h"
#include "data/labels.h"

namespace nr {
namespace {

std::vector<float> from_descriptor(const Dataset& dataset, int descriptor) {
  std::vector<double> means, sorted;
  for (size_t i = 0; i < dataset.clips().size(); ++i) {
    means.push_back(mean_of_descriptor(dataset, int(i), descriptor));
    if (dataset.clips()[i].split == Split::kTrain && !std::isnan(means.back())) sorted.push_back(means.back());
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<float> out(means.size(), 0.f);
  if (sorted.size() < 3) return out;
  const double low = sorted[sorted.size() / 3], high = sorted[2 * sorted.size() / 3];
  for (size_t i = 0; i < out.size(); ++i) out[i] = means[i] >= high ? 1.f : means[i] < low ? -1.f : 0.f;
  return out;
}

std::vector<float> from_label(const Dataset& dataset, const std::string& name) {
  check_labels("data.tags", {name}, dataset.clips());
  std::vector<float> out;
  for (const ClipInfo& clip : dataset.clips()) {
    const float tag = numbers_of(clip, {name}, "tags")[0];
    if (!std::isnan(tag) && tag != -1 && tag != 1)
      fail("data.tags: ", clip.path, ": '", name, "' is ", tag, ", expected -1, 1 or an empty cell");
    out.push_back(std::isnan(tag) ? 0.f : tag);
  }
  return out;
}

}  // namespace

double mean_of_descriptor(const Dataset& dataset, int clip, int descriptor) {
  int64_t measurements = 0;
  const float* curve = dataset.curve(clip, descriptor, &measurements);
  const std::vector<bool> active = active_measurements(dataset, clip);
  const Warp unit = descriptors().at(dataset.descriptors().names[size_t(descriptor)]).warp;
  double sum = 0;
  int count = 0;
  for (int64_t i = 0; i < measurements; ++i)
    if (active[size_t(i)] && !std::isnan(curve[i])) sum += warp(unit, double(curve[i])), ++count;
  return count ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::vector<float>> tags_of(const Dataset& dataset) {
  std::vector<std::vector<float>> out(dataset.clips().size());
  const std::vector<std::string>& measured = dataset.descriptors().names;
  for (const std::string& name : dataset.config().tags) {
    const auto at = std::find(measured.begin(), measured.end(), name);
    const std::vector<float> tags =
        at == measured.end() ? from_label(dataset, name) : from_descriptor(dataset, int(at - measured.begin()));
    for (size_t i = 0; i < out.size(); ++i) out[i].push_back(tags[i]);
  }
  return out;
}

}  // namespace nr
