#include "evaluation/subject.h"

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "data/frames.h"

namespace nr {
namespace fs = std::filesystem;

Sound Subject::sound(size_t i, double longest_seconds) const {
  std::vector<float> samples = dataset->samples(clips[i]);
  const auto longest = static_cast<size_t>(longest_seconds * trained.config.data.sample_rate);
  if (samples.size() > longest) samples.resize(std::max<size_t>(1, longest));
  return make_sound(trained, names[i], std::move(samples));
}

namespace {

void add_facts(const TrainedModel& trained, ModelFacts& f) {
  const ModelGraphs& graphs = trained.model->graphs();
  const Measure m = measure(trained.model->config(), graphs.inputs);
  f.parameters = m.parameters, f.macs_per_sample = m.macs_per_sample;
  f.hop = graphs.hop, f.delay = graphs.delay, f.latency = m.latency, f.latent_size = graphs.latent_size;
  f.controls = trained.config.descriptors.controls;
  if (trained.space.known())
    for (const double fidelity : {0.8, 0.9, 0.95, 0.99}) f.components.push_back(trained.space.components_for(fidelity));
  f.graph_hash = hex(graphs.hash()), f.layers = layers(graphs.whole);
}

}  // namespace

Subject load_subject(const fs::path& run, const EvaluationConfig& config) {
  TrainedModel trained = load_model(run);
  Subject out{test_clips(run, trained.config, trained.splits, trained.step, config), std::move(trained)};
  add_facts(out.trained, out.facts);
  if (!out.trained.data.empty() && out.trained.data != hex(out.dataset->fingerprint()))
    log_warning(out.facts.run + ": its data have changed since it was trained; clips that it knew keep their split");
  return out;
}

Measured latent_curves(const Dataset& dataset, const TrainedModel& trained, int clip) {
  const std::vector<std::string>& names = dataset.descriptors().names;
  const int ratio = latent_ratio(dataset, trained.model->graphs().hop);
  int64_t count = 0;
  const auto latent = [&](const float* curve) { return average({curve, curve + count}, ratio); };
  const float* rms = dataset.rms(clip, &count);
  Measured out{{}, active_frames(latent(rms))};
  for (const Scale& scale : trained.scales) {
    const auto index = std::find(names.begin(), names.end(), scale.descriptor) - names.begin();
    out.curves.push_back(latent(dataset.curve(clip, static_cast<int>(index), nullptr)));
    fill_gaps(out.curves.back(), scale.physical(0));
  }
  return out;
}

std::vector<std::vector<float>> training_combinations(const Dataset& dataset, const TrainedModel& trained) {
  std::vector<std::vector<float>> out;
  if (trained.scales.empty()) return out;
  for (const int clip : dataset.split(Split::kTrain)) {
    const Measured clip_curves = latent_curves(dataset, trained, clip);
    for (size_t i = 0; i < clip_curves.active.size(); ++i) {
      if (!clip_curves.active[i]) continue;
      std::vector<float> point;
      for (size_t k = 0; k < trained.scales.size(); ++k)
        point.push_back(trained.scales[k].normalise(clip_curves.curves[k][i]));
      out.push_back(std::move(point));
    }
  }
  return out;
}

}  // namespace nr
