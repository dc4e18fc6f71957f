#include "training/run.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/hash.h"
#include "base/names.h"
#include "config/difference.h"
#include "config/writer.h"
#include "data/split.h"
#include "nn/checkpoint.h"
#include "nn/device.h"
#include "nn/ranks.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

const char* const kVersion = "2";

void refuse(const Checkpoint& saved, const std::string& what, const std::string& changed) {
  fail(saved.name, ": the run was trained with different ", what, ": ", changed, "; go on with it by --accept ", what);
}

// The device may change. Controls have a name of their own among what --accept takes: other controls mean other inputs
// of the decoder.
void check_config(const Run& run, const Checkpoint& saved, const std::vector<std::string>& accept) {
  std::vector<std::string> controls, others;
  RunConfig before = run_config_of(saved), now = run.config;
  for (const config::Difference& d : config::differences(config::Writer::write(before), config::Writer::write(now))) {
    if (d.path == "device") continue;
    (d.path.rfind("descriptors.controls", 0) == 0 ? controls : others)
        .push_back(text(d.path, ": ", d.before, " -> ", d.after));
  }
  if (!controls.empty() && !contains(accept, "controls")) refuse(saved, "controls", join(controls));
  if (!others.empty() && !contains(accept, "config")) refuse(saved, "config", join(others));
}

void check_data(const Run& run, const Checkpoint& saved, const std::vector<std::string>& accept) {
  if (contains(accept, "data")) return;
  const auto stored = saved.texts.find("data");
  if (stored == saved.texts.end()) refuse(saved, "data", "its checkpoint, of an earlier version, does not say which");
  const std::string now = hex(run.data->fingerprint());
  if (stored->second != now) refuse(saved, "data", text("fingerprint ", stored->second, " -> ", now));
}

// Those of the run where it has them, so that it goes on measuring as it began; of a control that is new: fitted.
std::vector<Scale> scales_of_run(const Run& run, const DataNeeds& needs, const Checkpoint* saved) {
  if (needs.scales) return *needs.scales;
  std::vector<Scale> known = saved ? scales_of(*saved) : std::vector<Scale>{}, out;
  const std::vector<Scale> fitted = run.data->fit_scales(needs.hop, needs.ranges);
  known.insert(known.end(), fitted.begin(), fitted.end());
  for (const std::string& control : needs.descriptors.controls)
    out.push_back(*std::find_if(known.begin(), known.end(), [&](const Scale& s) { return s.descriptor == control; }));
  return out;
}

void open_loaders(Run& run, const DataNeeds& needs) {
  LoaderConfig loading;
  loading.batch = run.config.training.batch, loading.latent_hop = needs.hop, loading.seed = uint64_t(run.config.seed);
  loading.whole = needs.whole, loading.first = int64_t(ranks().rank) * loading.batch;
  run.training = std::make_unique<Loader>(*run.data, Split::kTrain, run.scales, loading);
  loading.augment = false;
  if (!run.data->split(Split::kValidation).empty())
    run.validation = std::make_unique<Loader>(*run.data, Split::kValidation, run.scales, loading);
  loading.threads = 0, loading.first = 0;  // every rank surveys the same
  run.surveyed = std::make_unique<Loader>(*run.data, Split::kTrain, run.scales, loading);
}

// All ranks train the same run, and begin with rank 0's weights and statistics.
void meet(Run& run) {
  RunConfig config = run.config;
  config.device = "auto";
  check_same_on_ranks("config", hash64(config::dump(config)));
  check_same_on_ranks("data", run.data->fingerprint());
  check_same_on_ranks("checkpoint", uint64_t(run.step));
  for (const Part& part : run.system->parts()) {
    take_from_first_rank(part.module->parameters());
    take_from_first_rank(part.module->buffers());
  }
}

}  // namespace

Run open_run(const RunConfig& config, const fs::path& folder, const Checkpoint* saved,
             const std::vector<std::string>& accept) {
  for (const std::string& what : accept)
    if (!contains({"config", "controls", "data"}, what))
      fail("--accept ", what, ": expected config, controls or data", hint(what, {"config", "controls", "data"}));
  Run run;
  run.config = config, run.folder = folder, run.device = choose_device(config.device);
  set_arithmetic(config.training);
  run.system = make_system(config, folder);
  run.system->to(run.device);
  const DataNeeds needs = run.system->needs();
  run.config.data = needs.data, run.config.descriptors = needs.descriptors;
  if (saved) {
    const std::string& graph = text_of(*saved, "graph");
    if (graph != run.system->fingerprint())
      fail(saved->name, ": holds weights of the graph ", graph, ", but the config describes ",
           run.system->fingerprint(), "; resume with the config it was trained with");
    check_config(run, *saved, accept);
  }
  const bool has_splits = saved && saved->texts.count("splits");
  const std::map<std::string, Split> splits =
      has_splits ? parse_splits(saved->texts.at("splits")) : std::map<std::string, Split>{};
  run.data = std::make_unique<Dataset>(needs.data, needs.descriptors, splits);
  if (saved) check_data(run, *saved, accept);
  run.scales = scales_of_run(run, needs, saved);
  run.system->set_scales(run.scales);
  open_loaders(run, needs);
  if (saved) {
    run.system->restore(*saved);
    run.average = std::make_unique<Average>(run.system->parts(), config.training.ema);
    run.average->restore(*saved);
    run.step = step_of(*saved);
    if (!config::parse(text_of(*saved, "best"), run.best)) fail(saved->name, ": its 'best' is no number");
  } else {
    run.system->begin(*run.training);
  }
  meet(run);
  if (!run.average) run.average = std::make_unique<Average>(run.system->parts(), config.training.ema);
  return run;
}

Phase open_phase(const Run& run, size_t index, const Checkpoint* saved) {
  Phase phase;
  const auto& phases = run.config.training.phases;
  for (size_t i = 0; i <= index; ++i) phase.begin = phase.end, phase.end += phases[i].second.steps;
  phase.name = phases[index].first, phase.config = phases[index].second;
  for (const auto& [name, config] : phase.config.optimisers) {
    phase.learning.insert(config.parts.begin(), config.parts.end());
    if (phase.begin == phase.end || run.step >= phase.end) continue;
    phase.optimisers.emplace_back(name, config, run.system->parts());
    if (saved && run.step > phase.begin)
      phase.optimisers.back().adam().restore(below(*saved, text("optimiser/", phase.name, "/", name, "/")));
  }
  return phase;
}

fs::path checkpoint_path(const fs::path& folder, const std::string& name) {
  return folder / "checkpoints" / (name + ".safetensors");
}

void save(const Run& run, Phase& phase, const std::string& name) {
  if (ranks().rank != 0) return;
  Checkpoint c;
  c.texts = {{"version", kVersion},
             {"config", config::dump(run.config)},
             {"scales", config::dump(Scales{run.scales})},
             {"graph", run.system->fingerprint()},
             {"data", hex(run.data->fingerprint())},
             {"splits", splits_text(*run.data)},
             {"step", text(run.step)},
             {"best", config::print(run.best)}};
  {
    const Averaged averaged(*run.average);
    run.system->store(c);
  }
  run.average->store(c);
  for (Optimiser& optimiser : phase.optimisers)
    for (const auto& [key, tensor] : optimiser.adam().state())
      c.tensors[text("optimiser/", phase.name, "/", optimiser.name(), "/", key)] = tensor;
  write_checkpoint(checkpoint_path(run.folder, name), c);
}

void remove_unfinished(const fs::path& folder) {
  const std::string part = ".part";  // and a process's number
  std::error_code error;
  for (const fs::path& place : {folder, folder / "checkpoints"})
    for (const auto& entry : fs::directory_iterator(place, error)) {
      const std::string name = entry.path().filename();
      const size_t at = name.rfind(part);
      if (at != std::string::npos && name.find_first_not_of("0123456789", at + part.size()) == std::string::npos)
        fs::remove(entry.path(), error);
    }
}

void save_last(const Run& run, Phase& phase, bool keeps) {
  if (ranks().rank != 0) return;
  const int keep = run.config.training.keep;
  if (!keep || !keeps) return save(run, phase, "last");
  char name[32];
  std::snprintf(name, sizeof name, "step_%09lld", static_cast<long long>(run.step));
  save(run, phase, name);
  const fs::path kept = checkpoint_path(run.folder, name), last = checkpoint_path(run.folder, "last");
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(kept.parent_path()))
    if (entry.path().filename().string().rfind("step_", 0) == 0 && entry.path() <= kept) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  std::error_code error;
  for (size_t i = 0; i + size_t(keep) < all.size(); ++i) fs::remove(all[i], error);
  // `last` comes at the very end, so that a run that is killed before it does all of this again. It is the same file
  // under another name, and takes no space.
  const fs::path part = text(last.string(), ".part", getpid());
  fs::create_hard_link(kept, part, error);
  if (!error) fs::rename(part, last, error);
  if (error) save(run, phase, "last");
}

}  // namespace nr
