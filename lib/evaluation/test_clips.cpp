#include "evaluation/test_clips.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/hash.h"
#include "base/log.h"
#include "base/names.h"
#include "base/random.h"
#include "config/writer.h"
#include "data/labels.h"
#include "data/split.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr const char* kReads = "test_reads.jsonl";

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

TestClips test_clips(const fs::path& run, const RunConfig& trained, const std::string& splits, int64_t step,
                     const EvaluationConfig& config) {
  TestClips out;
  out.folder = run_folder(run);
  out.dataset = std::make_unique<Dataset>(
      trained.data, trained.descriptors,
      splits.empty() ? std::map<std::string, Split>{} : parse_splits(splits, run.string() + " (splits)"));
  out.clips = drawn_clips(*out.dataset, config, run);
  std::vector<std::string> paths;
  for (const ClipInfo& clip : out.dataset->clips()) paths.push_back(clip.path);
  const std::vector<std::string> names = short_names(paths);
  for (const int clip : out.clips) out.names.push_back(names[size_t(clip)]);
  out.clusters = clusters_of(*out.dataset, out.clips, config.cluster);
  ModelFacts& f = out.facts;
  const std::string name = out.folder.filename().string();
  f.run = fs::is_directory(run) ? name : name + " " + run.stem().string();
  f.type = type_of(trained.model), f.step = step;
  f.config = config::dump(trained), f.config_hash = hex(hash64(f.config));
  f.group = trained.data.group;
  f.chunks = contains(trained.data.legacy, "split_by_chunk");
  f.hop = trained.data.segment, f.sample_rate = trained.data.sample_rate;
  f.test_reads = test_reads(out.folder) + (config.split == "test");
  return out;
}

TestClips test_clips(const fs::path& run, const RunConfig& trained, const Checkpoint& checkpoint,
                     const EvaluationConfig& config) {
  const auto splits = checkpoint.texts.find("splits");
  return test_clips(run, trained, splits == checkpoint.texts.end() ? "" : splits->second, step_of(checkpoint), config);
}

int test_reads(const fs::path& folder) {
  std::ifstream in(folder / kReads);
  int out = 0;
  for (std::string line; std::getline(in, line);) ++out;
  return out;
}

void record_test_read(const fs::path& folder, const EvaluationConfig& config) {
  if (config.split != "test") return;
  const nlohmann::ordered_json line = {{"clips", config.clips}, {"seconds", config.seconds}, {"seed", config.seed}};
  std::ofstream out(folder / kReads, std::ios::app);
  if (!(out << line.dump() << std::endl))
    log_warning((folder / kReads).string() + ": cannot be written; this reading of the test split is not counted");
}

}  // namespace nr
