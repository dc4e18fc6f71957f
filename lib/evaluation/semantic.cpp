#include "evaluation/semantic.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr size_t kBases = 20;        // test sounds that are traversed
constexpr size_t kMostPoints = 400;  // drawn
constexpr int kPlaces = 7;
constexpr double kEnd = 3;

struct Tagged {
  torch::Tensor before, after;  // [clips, latent_size], before and behind the disentangling flow
  std::vector<int> tags;        // of one tag, a clip each
};

Tagged tagged(const SynthesizerSubject& s, std::vector<int> clips, size_t tag, size_t most) {
  clips.resize(std::min(clips.size(), most));
  const auto seen = spectrograms(s, clips);
  Tagged out{s.system->encode_plain(seen), s.system->encode(seen), {}};
  for (const int clip : clips) out.tags.push_back(int(s.dataset->tags(clip)[tag]));
  return out;
}

double auc_of(const torch::Tensor& latents, int64_t dimension, const std::vector<int>& tags) {
  std::vector<double> values;
  std::vector<bool> positive;
  for (size_t i = 0; i < tags.size(); ++i)
    if (tags[i] != 0) values.push_back(latents[int64_t(i)][dimension].item<double>()), positive.push_back(tags[i] > 0);
  return auc(values, positive);
}

// The dimension whose AUC is furthest from a half, and on which side.
struct Best {
  int64_t dimension = 0;
  bool rises = true;
  double of(const torch::Tensor& latents, const std::vector<int>& tags) const {
    const double found = auc_of(latents, dimension, tags);
    return rises ? found : 1 - found;
  }
};
Best best_dimension(const torch::Tensor& latents, const std::vector<int>& tags) {
  Best out;
  double furthest = -1;
  for (int64_t d = 0; d < latents.size(1); ++d) {
    const double found = auc_of(latents, d, tags);
    if (std::isfinite(found) && std::abs(found - 0.5) > furthest)
      furthest = std::abs(found - 0.5), out = {d, found >= 0.5};
  }
  return out;
}

std::vector<TaggedPoint> points(const torch::Tensor& latents, int64_t dimension, const std::vector<int>& tags) {
  const int64_t next = (dimension + 1) % latents.size(1);
  std::vector<TaggedPoint> out;
  for (size_t i = 0; i < std::min(tags.size(), kMostPoints); ++i)
    out.push_back({latents[int64_t(i)][dimension].item<double>(), latents[int64_t(i)][next].item<double>(), tags[i]});
  return out;
}

// Of one sound's latent: the dimension at places -3 ... 3 of `middle` and `step`.
double traversal_correlation(const SynthesizerSubject& s, const torch::Tensor& latent, int64_t dimension, double middle,
                             double step, const std::string& descriptor, const Resynthesis& synth) {
  auto moved = latent.unsqueeze(0).repeat({kPlaces, 1});
  std::vector<double> places, values;
  for (int i = 0; i < kPlaces; ++i) {
    places.push_back(kEnd * (2.0 * i / (kPlaces - 1) - 1));
    moved[i][dimension] = middle + step * places.back();
  }
  std::vector<double> heard_at;
  const std::vector<Rendering> notes = synth.play(presets_of(s, s.system->infer_latent(moved), synth));
  for (size_t i = 0; i < notes.size(); ++i) {
    const double value = described(notes[i].samples, synth.sample_rate(), descriptor);
    if (std::isfinite(value)) heard_at.push_back(places[i]), values.push_back(value);
  }
  return spearman(heard_at, values);
}

}  // namespace

std::vector<SemanticDimension> semantic_dimensions(const SynthesizerSubject& s, const LatentStatistics& statistics,
                                                   const Resynthesis& synth, bool heard) {
  std::vector<SemanticDimension> out;
  const std::vector<std::string>& names = s.config.data.tags;
  for (size_t t = 0; t < names.size(); ++t) {
    const Tagged train = tagged(s, s.dataset->split(Split::kTrain), t, 1000),
                 test = tagged(s, s.clips, t, s.clips.size());
    const Best before = best_dimension(train.before, train.tags);
    const bool own = s.system->disentangles();
    const Best here = own ? Best{int64_t(t), true} : before;
    SemanticDimension found;
    found.tag = names[t], found.dimension = int(here.dimension);
    found.auc = here.of(test.after, test.tags), found.auc_before = before.of(test.before, test.tags);
    found.before = points(test.before, before.dimension, test.tags);
    found.after = points(test.after, here.dimension, test.tags);
    // Behind the flow the latent's own units count, its tags lie at -1 and 1; else deviations around the mean.
    const double middle = own ? 0 : statistics.latents.select(1, here.dimension).mean().item<double>();
    const double step = (own ? 1 : statistics.deviation[here.dimension].item<double>()) * (here.rises ? 1 : -1);
    if (contains(descriptor_names(), found.tag))
      for (size_t i = 0; i < std::min(kBases, s.clips.size()); ++i)
        found.spearman.push_back(traversal_correlation(s, test.after[int64_t(i)], here.dimension, middle, step,
                                                       found.tag, synth));
    found.control = dimension_control(s, statistics, found.dimension);
    if (heard) found.line = hear(s, found.control, synth);
    out.push_back(std::move(found));
  }
  return out;
}

}  // namespace nr
