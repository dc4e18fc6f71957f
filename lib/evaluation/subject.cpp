#include "evaluation/subject.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/hash.h"
#include "base/random.h"
#include "base/log.h"
#include "config/writer.h"
#include "data/frames.h"
#include "data/labels.h"
#include "data/split.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

// `wanted` of the items, each equally likely, in their order. All of them for 0.
std::vector<int> drawn(std::vector<int> items, int wanted, uint64_t seed) {
  if (wanted <= 0 || wanted >= static_cast<int>(items.size())) return items;
  Random random(seed, items.size());
  for (int i = 0; i < wanted; ++i) std::swap(items[i], items[i + random.below(items.size() - i)]);
  items.resize(wanted);
  std::sort(items.begin(), items.end());
  return items;
}

// Error for a label that no clip has. A clip without it is a cluster of its own.
Clusters clusters_of(const Dataset& dataset, const std::vector<int>& clips, const std::string& label) {
  if (label.empty()) return {};
  check_labels("evaluation.cluster", joined_names(label), dataset.clips());
  std::map<std::string, int> numbers;
  Clusters out;
  for (const int clip : clips) {
    const ClipInfo& info = dataset.clips()[clip];
    const std::string labels = joined_labels(info.labels, label);
    out.push_back(numbers.emplace(labels.empty() ? info.path : labels, int(numbers.size())).first->second);
  }
  return out;
}

}  // namespace

fs::path run_folder(const fs::path& run) {
  fs::path folder = fs::absolute(run).lexically_normal();
  if (!fs::is_directory(folder)) folder = folder.parent_path();
  if (folder.filename().empty()) folder = folder.parent_path();
  return folder.filename() == "checkpoints" ? folder.parent_path() : folder;
}

std::vector<int> drawn_clips(const Dataset& dataset, const EvaluationConfig& config, const fs::path& run) {
  const Split split = config.split == "test" ? Split::kTest : Split::kValidation;
  std::vector<int> clips = drawn(dataset.split(split), config.clips, config.seed);
  if (clips.empty())
    fail(run.string(), ": its data has no ", config.split, " clips; give data.", config.split,
         " a larger share, or add recordings");
  return clips;
}

Sound Subject::sound(size_t i, double longest_seconds) const {
  std::vector<float> samples = dataset->samples(clips[i]);
  const auto longest = static_cast<size_t>(longest_seconds * trained.config.data.sample_rate);
  if (samples.size() > longest) samples.resize(std::max<size_t>(1, longest));
  return make_sound(trained, names[i], std::move(samples));
}

std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::vector<std::string> out = paths;
  std::vector<size_t> starts(paths.size());  // of each name in its path
  for (size_t i = 0; i < paths.size(); ++i) starts[i] = paths[i].size() + 1;
  std::vector<size_t> open(paths.size());  // names that another path ends in as well
  std::iota(open.begin(), open.end(), 0);
  while (!open.empty()) {
    std::map<std::string, std::vector<size_t>> sharing;
    for (const size_t i : open) {
      const size_t slash = starts[i] < 2 ? std::string::npos : paths[i].rfind('/', starts[i] - 2);
      starts[i] = slash == std::string::npos ? 0 : slash + 1;
      out[i] = paths[i].substr(starts[i]);
      sharing[out[i]].push_back(i);
    }
    open.clear();
    for (const auto& [name, clips] : sharing)
      for (const size_t i : clips)
        if (clips.size() > 1 && starts[i] > 0) open.push_back(i);
  }
  return out;
}

std::string recordings_fingerprint(const Dataset& dataset) {
  uint64_t hash = hash64(text(dataset.config().sample_rate));
  for (const ClipInfo& clip : dataset.clips())
    hash = hash64(text("\n", clip.path, "\n", clip.samples, " ", static_cast<int>(clip.split)), hash);
  return hex(hash);
}

ModelFacts facts_of(const TrainedModel& trained, const std::string& run) {
  const ModelGraphs& graphs = trained.model->graphs();
  const Measure m = measure(trained.model->config(), graphs.inputs);
  ModelFacts f;
  f.run = run;
  f.type = type_of(trained.model->config());
  f.parameters = m.parameters, f.step = trained.step, f.macs_per_sample = m.macs_per_sample;
  f.hop = graphs.hop, f.delay = graphs.delay, f.latency = m.latency;
  f.sample_rate = trained.config.data.sample_rate, f.latent_size = graphs.latent_size;
  f.controls = trained.config.descriptors.controls;
  if (trained.space.known())
    for (const double fidelity : {0.8, 0.9, 0.95, 0.99}) f.components.push_back(trained.space.components_for(fidelity));
  f.config_hash = hex(hash64(config::dump(trained.config))), f.graph_hash = hex(graphs.hash());
  return f;
}

Subject load_subject(const fs::path& run, const EvaluationConfig& config) {
  Subject out;
  out.folder = run_folder(run);
  out.trained = load_model(run);
  const std::string name = out.folder.filename().string();
  out.facts = facts_of(out.trained, fs::is_directory(run) ? name : name + " " + run.stem().string());
  std::map<std::string, Split> splits;
  if (!out.trained.splits.empty()) splits = parse_splits(out.trained.splits, run.string() + " (splits)");
  out.dataset = std::make_unique<Dataset>(out.trained.config.data, out.trained.config.descriptors, splits);
  if (!out.trained.data.empty() && out.trained.data != hex(out.dataset->fingerprint()))
    log_warning(out.facts.run + ": its data have changed since it was trained; clips that it knew keep their split");
  out.clips = drawn_clips(*out.dataset, config, run);
  std::vector<std::string> paths;
  for (const ClipInfo& clip : out.dataset->clips()) paths.push_back(clip.path);
  const std::vector<std::string> names = short_names(paths);
  for (const int clip : out.clips) out.names.push_back(names[clip]);
  out.clusters = clusters_of(*out.dataset, out.clips, config.cluster);
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
