#include "evaluation/synthesizer.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/parallel.h"
#include "config/writer.h"
#include "data/split.h"
#include "evaluation/resynthesis.h"
#include "evaluation/subject.h"
#include "nn/device.h"
#include "synth/similarity.h"
#include "systems/synthesizer.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t kBatch = 32;  // sounds through a network at a time

// A run with its data.
struct SynthesizerSubject {
  fs::path folder;
  RunConfig config;
  std::unique_ptr<SynthesizerSystem> system;
  std::unique_ptr<Dataset> dataset;
  std::vector<int> clips;
  std::vector<std::string> names;
  ModelFacts facts;
};

SynthesizerSubject load(const fs::path& run, const EvaluationConfig& config) {
  SynthesizerSubject out;
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
  out.folder = run_folder(run), out.system = load_synthesizer(checkpoint), out.config = out.system->config();
  const auto stored = checkpoint.texts.find("splits");
  const auto splits = stored == checkpoint.texts.end() ? std::map<std::string, Split>{} : parse_splits(stored->second);
  out.dataset = std::make_unique<Dataset>(out.config.data, out.config.descriptors, splits);
  out.clips = drawn_clips(*out.dataset, config, run);
  std::vector<std::string> paths;
  for (const ClipInfo& clip : out.dataset->clips()) paths.push_back(clip.path);
  const std::vector<std::string> names = short_names(paths);
  for (const int clip : out.clips) out.names.push_back(names[size_t(clip)]);
  ModelFacts& f = out.facts;
  const std::string name = out.folder.filename().string();
  f.run = fs::is_directory(run) ? name : name + " " + run.stem().string(), f.type = SynthesizerConfig::kType;
  for (const Part& part : out.system->parts())
    for (const torch::Tensor& p : part.module->parameters()) f.parameters += p.numel();
  f.step = step_of(checkpoint), f.hop = out.config.data.segment, f.sample_rate = out.config.data.sample_rate;
  f.latent_size = int(out.system->latent_size());
  f.config_hash = hex(hash64(config::dump(out.config))), f.graph_hash = out.system->fingerprint();
  return out;
}

torch::Tensor spectrograms(const SynthesizerSubject& s, const std::vector<int>& clips) {
  const int64_t samples = s.config.data.segment;
  std::vector<torch::Tensor> out;
  for (size_t from = 0; from < clips.size(); from += kBatch) {
    const auto count = std::min<int64_t>(kBatch, int64_t(clips.size() - from));
    auto audio = torch::zeros({count, 1, samples});
    for (int64_t i = 0; i < count; ++i)
      s.dataset->read(clips[from + size_t(i)], 0, samples, audio.data_ptr<float>() + i * samples);
    out.push_back(s.system->spectrogram(audio));
  }
  return torch::cat(out);
}

// Parameters of clips as positions, NaN where they are not known: [clips, columns].
torch::Tensor known_positions(const SynthesizerSubject& s, const std::vector<int>& clips) {
  std::vector<torch::Tensor> rows;
  for (const int clip : clips) rows.push_back(torch::tensor(s.dataset->parameters(clip)));
  const auto values = torch::stack(rows);
  const auto positions = s.system->space().positions(values.nan_to_num());
  return torch::where(values.isnan(), torch::full_like(values, kNone), positions);
}

std::vector<float> row_of(const torch::Tensor& matrix, size_t row) {
  const auto found = matrix[int64_t(row)].contiguous();
  return {found.data_ptr<float>(), found.data_ptr<float>() + found.numel()};
}

// One row of the table: positions for every test clip, and how they are rendered.
struct Row {
  ModelFacts facts;
  torch::Tensor positions;     // [clips, columns], NaN: the patch's value
  int seed = 0;                // of the rendering: 1 for the floor
  torch::Tensor reconstructed = {};  // power of the decoder's spectrograms [clips, mels, frames]; undefined without
};

ModelFacts without_model(ModelFacts facts, const std::string& name) {
  facts.run = name, facts.type = "no model", facts.parameters = 0, facts.step = 0, facts.latent_size = 0;
  return facts;
}

Row row_of_model(const SynthesizerSubject& s, const EvaluationConfig& config) {
  const auto seen = spectrograms(s, s.clips);
  std::vector<torch::Tensor> found, made;
  for (int64_t from = 0; from < seen.size(0); from += kBatch) {
    const auto part = seen.narrow(0, from, std::min(kBatch, seen.size(0) - from));
    found.push_back(s.system->infer(part, uint64_t(config.seed) + uint64_t(from)));
    const auto decoded = s.system->reconstruct(part);
    if (decoded.defined()) made.push_back(s.system->power(decoded));
  }
  return {s.facts, torch::cat(found), 0, made.empty() ? torch::Tensor() : torch::cat(made)};
}

// Positions from a preset for each clip, in the synthesizer's order.
std::vector<std::vector<double>> presets_of(const SynthesizerSubject& s, const torch::Tensor& positions,
                                            const Resynthesis& synth) {
  const auto values = s.system->space().values(positions.nan_to_num(0));
  const auto known = torch::where(positions.isnan(), torch::full_like(values, kNone), values);
  std::vector<std::vector<double>> out;
  for (size_t i = 0; i < s.clips.size(); ++i) out.push_back(synth.values(row_of(known, i)));
  return out;
}

// Search at inference: of so many draws, rendered, the one with the lowest MSS.
Row best_of_draws(const SynthesizerSubject& s, const EvaluationConfig& config, const Resynthesis& synth,
                  const std::vector<std::vector<float>>& originals) {
  const auto seen = spectrograms(s, s.clips);
  Row out{s.facts, s.system->infer(seen, uint64_t(config.seed)).clone()};
  out.facts.run += text(", best of ", config.candidates);
  std::vector<double> best(s.clips.size(), std::numeric_limits<double>::infinity());
  for (int draw = 0; draw < config.candidates; ++draw) {
    const auto found = s.system->infer(seen, uint64_t(config.seed) + uint64_t(draw));
    const std::vector<Rendering> rendered = synth.play(presets_of(s, found, synth));
    std::vector<double> distance(best.size(), std::numeric_limits<double>::infinity());
    parallel_for(rendered.size(), [&](size_t i) {
      if (rendered[i].problem.empty())
        distance[i] = compare_sounds(originals[i], rendered[i].samples, synth.sample_rate()).mss;
    });
    for (size_t i = 0; i < best.size(); ++i)
      if (distance[i] < best[i]) best[i] = distance[i], out.positions[int64_t(i)].copy_(found[int64_t(i)]);
  }
  return out;
}

std::vector<Row> rows_without_model(const SynthesizerSubject& s, const EvaluationConfig& config) {
  const std::vector<int> train = s.dataset->split(Split::kTrain);
  const auto known = known_positions(s, train), target = known_positions(s, s.clips);
  const auto count = known.isnan().logical_not().sum(0).clamp_min(1);
  const auto mean = known.nan_to_num(0).sum(0) / count;
  const auto seen = spectrograms(s, s.clips).flatten(1), stored = spectrograms(s, train).flatten(1);
  std::vector<torch::Tensor> nearest, any;
  for (int64_t i = 0; i < seen.size(0); ++i) {
    nearest.push_back(known[(stored - seen[i]).square().sum(1).argmin()]);
    any.push_back(known[int64_t(Random(uint64_t(config.seed), i, 7).below(train.size()))]);
  }
  return {{without_model(s.facts, "training mean"), mean.expand_as(target).contiguous()},
          {without_model(s.facts, "nearest training preset"), torch::stack(nearest)},
          {without_model(s.facts, "random training preset"), torch::stack(any)},
          {without_model(s.facts, "render floor"), target, 1}};
}

// |M - N| / |M| of the decoder's spectrogram.
double reconstruction_distance(const SynthesizerSubject& s, const Row& row, const torch::Tensor& target, size_t clip) {
  const auto wanted = s.system->power(target[int64_t(clip)]), made = row.reconstructed[int64_t(clip)];
  return ((wanted - made).norm() / wanted.norm().clamp_min(1e-12)).item<double>();
}

// Error of the positions: of all, over the test split's mean square (MSE_n), and of each parameter.
void add_parameter_errors(const SynthesizerSubject& s, const Row& row, const torch::Tensor& target, RunResult& result) {
  const double scale = target.square().nanmean().item<double>();
  // Of a training preset too, what cannot be heard is not known and does not count.
  const auto error = row.positions - target;
  for (size_t i = 0; i < s.clips.size(); ++i) {
    const auto mine = error[int64_t(i)];
    result.add(i, "parameter_mse_n", "", "", mine.square().nanmean().item<double>() / scale);
    result.add(i, "parameter_l1", "", "position", mine.abs().nanmean().item<double>());
    for (size_t p = 0; p < s.system->space().columns().size(); ++p)
      result.add(i, "parameter_l1", s.system->space().columns()[p].name, "position",
                 std::abs(mine[int64_t(p)].item<double>()));
  }
}

struct MeasuredRow {
  RunResult result;
  std::vector<std::vector<float>> sounds;  // of each clip
};

MeasuredRow measure(const SynthesizerSubject& s, const Row& row, const Resynthesis& synth,
                 const std::vector<std::vector<float>>& originals, const torch::Tensor& target) {
  MeasuredRow out;
  out.result.facts = row.facts, out.result.clips = s.names, out.result.data = recordings_fingerprint(*s.dataset);
  const std::vector<Rendering> rendered = synth.play(presets_of(s, row.positions, synth), row.seed);
  std::vector<SoundDistances> distances(rendered.size());
  parallel_for(rendered.size(), [&](size_t i) {
    if (rendered[i].problem.empty())
      distances[i] = compare_sounds(originals[i], rendered[i].samples, synth.sample_rate());
  });
  add_parameter_errors(s, row, target, out.result);
  const auto seen = row.reconstructed.defined() ? spectrograms(s, s.clips) : torch::Tensor();
  for (size_t i = 0; i < rendered.size(); ++i) {
    if (!rendered[i].problem.empty()) {
      log_warning(row.facts.run + ": " + s.names[i] + ": the preset inferred " + rendered[i].problem);
      const double none = kNone;
      distances[i] = {none, none, none, none, none, none, none};
    }
    const SoundDistances& d = distances[i];
    for (const auto& [metric, value, unit] :
         {std::tuple{"resynthesis_sc", d.sc, ""}, {"resynthesis_mse", d.mse, ""}, {"resynthesis_lm", d.lm, ""},
          {"resynthesis_mss", d.mss, "dB"}, {"resynthesis_wmfcc", d.wmfcc, ""}, {"resynthesis_sot", d.sot, ""},
          {"resynthesis_rms", d.rms, ""}})
      out.result.add(i, metric, "", unit, value);
    if (seen.defined())
      out.result.add(i, "reconstruction_sc", "", "", reconstruction_distance(s, row, seen, i));
    out.result.seconds += double(originals[i].size()) / synth.sample_rate();
    out.sounds.push_back(rendered[i].samples);
  }
  return out;
}

// Clips at even ranks of the first row's MSS.
std::vector<size_t> heard_clips(const RunResult& result, int wanted) {
  const std::vector<double>& distance = result.find("resynthesis_mss")->values;
  std::vector<size_t> order(distance.size()), out;
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return distance[a] < distance[b]; });
  const size_t count = std::min(size_t(wanted), order.size());
  for (size_t e = 0; e < count; ++e) out.push_back(order[(2 * e + 1) * order.size() / (2 * count)]);
  return out;
}

}  // namespace

bool is_synthesizer(const fs::path& run) {
  return std::holds_alternative<SynthesizerConfig>(run_config_of(read_checkpoint(find_checkpoint(run))).model);
}

void evaluate_synthesizers(const std::vector<fs::path>& runs, const EvaluationConfig& config, const fs::path& out) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  std::vector<SynthesizerSubject> subjects;
  for (const fs::path& run : runs) {
    if (!is_synthesizer(run)) fail(run.string(), ": infers no parameters, but ", runs[0].string(), " does");
    subjects.push_back(load(run, config));
    const auto& columns = subjects.back().config.data.parameters;
    if (subjects.back().names != subjects[0].names || columns != subjects[0].config.data.parameters)
      fail(run.string(), ": was trained on another set than ", runs[0].string(), ": evaluate them apart");
  }
  const SynthesizerSubject& first = subjects[0];
  const Resynthesis synth(first.config.data, std::get<SynthesizerConfig>(first.config.model).synth);
  if (synth.sample_rate() != first.config.data.sample_rate)
    fail("data.sample_rate: ", first.config.data.sample_rate, " Hz, but the set was rendered at ", synth.sample_rate());
  std::vector<std::vector<float>> originals;
  for (const int clip : first.clips) originals.push_back(first.dataset->samples(clip));
  const auto target = known_positions(first, first.clips);

  std::vector<std::pair<const SynthesizerSubject*, Row>> rows;
  for (const SynthesizerSubject& s : subjects) {
    rows.emplace_back(&s, row_of_model(s, config));
    if (s.system->draws() && config.candidates > 1)
      rows.emplace_back(&s, best_of_draws(s, config, synth, originals));
  }
  for (Row& row : rows_without_model(first, config)) rows.emplace_back(&first, std::move(row));
  Progress progress("evaluate " + first.facts.run);
  std::vector<RunResult> results;
  std::vector<std::vector<std::vector<float>>> sounds;
  for (const auto& [subject, row] : rows) {
    MeasuredRow measured = measure(*subject, row, synth, originals, target);
    measured.result.summarise_rows(config.bootstrap, uint64_t(config.seed));
    results.push_back(std::move(measured.result)), sounds.push_back(std::move(measured.sounds));
    progress.update(double(results.size()) / double(rows.size()), row.facts.run);
  }
  progress.done(text(first.clips.size(), " clips, ", rows.size(), " rows"));

  std::vector<SynthesizerExample> examples;
  for (const size_t clip : heard_clips(results[0], config.examples)) {
    SynthesizerExample example{first.names[clip], originals[clip], row_of(target, clip), {}};
    for (size_t r = 0; r < rows.size(); ++r)
      example.rows.push_back({results[r].facts.run, row_of(rows[r].second.positions, clip), sounds[r][clip]});
    examples.push_back(std::move(example));
  }
  std::vector<fs::path> folders;
  std::vector<std::vector<MacroControl>> macros;
  for (const SynthesizerSubject& s : subjects) {
    folders.push_back(s.folder);
    macros.push_back(macro_controls(*s.system, synth, 2));
  }
  const fs::path folder = out.empty() ? first.folder / "evaluation" : out;
  make_folder(folder);
  write_file(folder / "results.json", to_json(results, config));
  write_file(folder / "table.md", deviations_table(results) + to_markdown(results, config));
  write_file(folder / "report.html",
             synthesizer_page(results, examples, macros, first.system->space().columns(), folders, config));
  log_info("wrote " + (folder / "table.md").string() + ", results.json and report.html");
}

}  // namespace nr
