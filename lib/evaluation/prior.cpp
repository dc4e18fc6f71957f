#include "evaluation/prior.h"

#include <torch/torch.h>

#include <cmath>

#include "base/hash.h"
#include "base/log.h"
#include "config/writer.h"
#include "data/split.h"
#include "evaluation/test_clips.h"
#include "graph/passes.h"
#include "nn/prior.h"
#include "systems/system.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

ModelFacts facts_of_prior(const RunConfig& config, const DataNeeds& needs, const Prior& prior, const std::string& run) {
  const Measure m = measure(prior.network().graph());
  ModelFacts f;
  f.run = run, f.type = type_of(config.model);
  f.parameters = m.parameters, f.macs_per_sample = m.macs_per_sample, f.latency = m.latency;
  f.hop = needs.hop, f.sample_rate = needs.data.sample_rate, f.controls = needs.descriptors.controls;
  f.latent_size = prior.dimensions() - int(f.controls.size());
  f.config_hash = hex(hash64(config::dump(config))), f.graph_hash = hex(prior.network().graph().hash());
  return f;
}

}  // namespace

RunResult measure_prior(const fs::path& run, const EvaluationConfig& config) {
  const torch::NoGradGuard no_grad;
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
  const RunConfig trained = run_config_of(checkpoint);
  const fs::path folder = run_folder(run);
  const std::unique_ptr<System> system = make_system(trained, folder);
  const DataNeeds needs = system->needs();
  check_fingerprint(checkpoint, system->fingerprint());
  system->set_scales(*needs.scales);
  system->restore(checkpoint);
  system->set_mode({});
  const Prior& prior = part<Prior>(system->parts(), "prior");

  const auto stored = checkpoint.texts.find("splits");
  const Dataset dataset(
      needs.data, needs.descriptors,
      stored == checkpoint.texts.end() ? std::map<std::string, Split>{} : parse_splits(stored->second));
  const std::vector<int> clips = drawn_clips(dataset, config, run);
  RunResult result;
  result.facts = facts_of_prior(trained, needs, prior, folder.filename().string());
  result.facts.test_reads = test_reads(folder) + (config.split == "test");
  result.facts.step = step_of(checkpoint), result.data = recordings_fingerprint(dataset);
  std::vector<std::string> paths;
  for (const ClipInfo& clip : dataset.clips()) paths.push_back(clip.path);
  const std::vector<std::string> names = short_names(paths);
  Progress progress("evaluate " + result.facts.run);
  for (size_t i = 0; i < clips.size(); ++i) {
    Random random(config.seed, i);
    Values values;
    system->produce(whole_clip(dataset, clips[i], *needs.scales, needs.hop), random, values);
    const bool measurable = values["tokens"].size(2) > prior.longest_delay();
    for (const auto& [metric, loss] : {std::pair{"prior_nats", "nats"}, {"prior_marginal_nats", "marginal_nats"}}) {
      const auto value = [&] { return losses().at(loss).value({values, system->settings(), system->parts()}); };
      result.add(i, metric, "", "nats", measurable ? value().item<double>() : NAN);
    }
    result.clips.push_back(names[clips[i]]);
    result.seconds += double(dataset.clips()[clips[i]].samples) / needs.data.sample_rate;
    progress.update((double(i) + 1) / double(clips.size()));
  }
  progress.done(text(clips.size(), " clips"));
  result.summarise_rows(config.bootstrap, config.seed);
  return result;
}

}  // namespace nr
