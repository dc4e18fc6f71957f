#include "evaluation/latent_map.h"

#include <torch/torch.h>

#include <algorithm>
#include <map>

#include "evaluation/sound_card.h"
#include "evaluation/tsne.h"
#include "report/scatter.h"

namespace nr {

using report::element;
using report::Markup;

namespace {

constexpr size_t kMostClips = 300;

struct Places {
  std::vector<torch::Tensor> latents;       // [latent_size] of each
  std::vector<std::vector<double>> levels;  // [control][clip]: means over the same frames
};

Places places_of(const Bench& bench, const EvaluationConfig& config) {
  const torch::NoGradGuard no_grad;
  const Subject& subject = bench.subject;
  Places out;
  out.levels.resize(subject.trained.scales.size());
  for (size_t i = 0; i < std::min(kMostClips, subject.clips.size()); ++i) {
    const Sound sound = subject.sound(i, config.seconds);
    std::vector<int64_t> sounding, all;
    for (size_t frame = 0; frame < sound.measured.active.size(); ++frame) {
      all.push_back(int64_t(frame));
      if (sound.measured.active[frame]) sounding.push_back(int64_t(frame));
    }
    if (sounding.empty()) sounding = all;
    const auto latent = latent_of(subject.trained, sound)[0];
    const auto frames = torch::tensor(sounding, latent.options().dtype(torch::kLong));
    out.latents.push_back(latent.index_select(1, frames).mean(1));
    for (size_t c = 0; c < out.levels.size(); ++c) {
      double sum = 0;
      for (const int64_t frame : sounding) sum += sound.measured.curves[c][size_t(frame)];
      out.levels[c].push_back(sum / double(sounding.size()));
    }
  }
  return out;
}

// By the clusters' label, or the recording's folder, and by thirds of each control's mean.
std::vector<report::Colouring> colourings_of(const Bench& bench, const Places& places, const std::string& label) {
  report::Colouring by_label{label, {}, {}};
  std::map<std::string, int> known;
  for (size_t i = 0; i < places.latents.size(); ++i) {
    const auto& labels = bench.subject.dataset->clips()[size_t(bench.subject.clips[i])].labels;
    const auto found = labels.find(label);
    const std::string name = found == labels.end() || found->second.empty() ? "?" : found->second;
    const auto place = known.emplace(name, int(by_label.names.size()));
    if (place.second) by_label.names.push_back(name);
    by_label.classes.push_back(place.first->second);
  }
  std::vector<report::Colouring> out{by_label};
  for (size_t c = 0; c < places.levels.size(); ++c) {
    std::vector<double> sorted = places.levels[c];
    std::sort(sorted.begin(), sorted.end());
    report::Colouring thirds{bench.subject.facts.controls[c], {"low", "middle", "high"}, {}};
    for (const double level : places.levels[c])
      thirds.classes.push_back(int(level >= sorted[sorted.size() / 3]) + int(level >= sorted[2 * sorted.size() / 3]));
    out.push_back(thirds);
  }
  return out;
}

}  // namespace

Markup latent_map(const std::vector<Bench>& benches, const EvaluationConfig& config) {
  const Subject& first = benches[0].subject;
  const auto clips = int64_t(std::min(kMostClips, first.clips.size()));
  if (clips < 4) return {};
  Markup plots;
  const std::string label = config.cluster.empty() ? "folder" : config.cluster.substr(0, config.cluster.find('+'));
  for (const Bench& bench : benches) {
    if (recordings_fingerprint(*bench.subject.dataset) != recordings_fingerprint(*first.dataset)) continue;
    const Places places = places_of(bench, config);
    const auto latents = torch::stack(places.latents).cpu();
    const auto colourings = colourings_of(bench, places, label);
    const auto plot = [&](const char* note, const torch::Tensor& points) {
      report::Scatter scatter{bench.subject.facts.run, note, {}, {}, colourings};
      for (int64_t i = 0; i < points.size(0); ++i) {
        const auto at = [&](int64_t k) { return k < points.size(1) ? points[i][k].item<double>() : 0.0; };
        scatter.points.push_back({at(0), at(1), at(2)});
        scatter.labels.push_back(bench.subject.names[size_t(i)]);
      }
      plots += report::scatter_plot(scatter);
    };
    plot("principal components", principal_components(latents));
    plot("t-SNE", tsne(latents));
  }
  const auto sounds = wavs_of_points(clips, first.facts.sample_rate, [&](int64_t i) {
    return first.sound(size_t(i), std::min(1.0, config.seconds)).samples;
  });
  return element("h2", {}, "Where the latents lie") +
         element("p", {{"class", "note"}},
                 "A point is a test clip: the mean latent of its sounding frames. Left: the first three principal "
                 "components, to be turned. Right: a plane by t-SNE. Coloured by " + label +
                     ", or by thirds of a control's mean. A click on a point plays its first second.") +
         element("div", {{"class", "cards"}}, plots) + report::scatter_script(sounds);
}

}  // namespace nr
