#include "evaluation/knobs.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/names.h"
#include "descriptors/descriptor.h"
#include "effects/knobs.h"
#include "evaluation/harmonic_distortion.h"
#include "evaluation/sdr.h"
#include "evaluation/test_clips.h"
#include "graph/passes.h"
#include "nn/checkpoint.h"
#include "nn/floats.h"
#include "nn/parameter_count.h"
#include "synth/similarity.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr int kSteps = 7;  // of a knob's range

struct KnobSubject : TestClips {
  TrainedModel trained;
};

KnobSubject load(const fs::path& run, const EvaluationConfig& config) {
  TrainedModel trained = load_stream(run);
  KnobSubject out{test_clips(run, trained.config, trained.splits, trained.step, config), std::move(trained)};
  ModelFacts& f = out.facts;
  const ModelGraphs& graphs = out.trained.model->graphs();
  const Measure m = measure(graphs.whole);
  f.parameters = m.parameters, f.macs_per_sample = m.macs_per_sample, f.latency = m.latency;
  f.hop = graphs.hop, f.delay = graphs.delay, f.latent_size = graphs.latent_size;
  f.controls = out.trained.config.descriptors.controls, f.graph_hash = hex(graphs.hash());
  return out;
}

using Samples = std::vector<float>;
using Positions = std::vector<float>;  // of the knobs, -1 ... 1

// A note played through each setting, by whatever makes it: a row of the table.
struct KnobRow {
  ModelFacts facts;
  std::function<Samples(const Samples& dry, const Positions& knobs)> play;
};

Samples through_model(const TrainedModel& trained, const Samples& dry, const Positions& knobs) {
  const ModelGraphs& graphs = trained.model->graphs();
  const int64_t n = int64_t(dry.size()), delay = std::max(0, graphs.delay);
  const int64_t frames = (n + delay + graphs.hop - 1) / graphs.hop;
  auto audio = torch::zeros({1, 1, frames * graphs.hop});
  std::copy(dry.begin(), dry.end(), audio.data_ptr<float>());
  const auto controls = torch::tensor(knobs).reshape({1, -1, 1}).expand({1, int64_t(knobs.size()), frames});
  const auto made = trained.model->play(trained.model->encode(audio).posterior.mean, controls.contiguous());
  return floats_of(made.flatten().narrow(0, delay, n));
}

std::vector<KnobRow> rows_of(const std::vector<KnobSubject>& subjects, const Knobs& knobs, ChainConfig::Level level,
                             int rate) {
  std::vector<KnobRow> out;
  for (const KnobSubject& s : subjects)
    out.push_back({s.facts, [&s](const auto& dry, const auto& at) { return through_model(s.trained, dry, at); }});
  const auto effect = [&knobs, level, rate](const Samples& dry, const Positions& at) {
    return apply(knobs.links(at.data()), dry, rate, level).samples;
  };
  ModelFacts facts = subjects[0].facts;
  facts.config.clear(), facts.layers.clear(), facts.macs_per_sample = 0;  // of rows that no model makes
  out.push_back({without_model(facts, "true effect"), effect});
  out.push_back({without_model(facts, "every knob in its middle"), [effect](const Samples& dry, const Positions& at) {
                   return effect(dry, Positions(at.size(), 0.f));
                 }});
  out.push_back({without_model(facts, "dry sound"), [](const Samples& dry, const Positions&) { return dry; }});
  return out;
}

float position(int step) { return float(-1 + 2.0 * step / (kSteps - 1)); }
double decibels(double thd) { return 20 * std::log10(std::max(thd, 1e-4)); }

double mean_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::fabs(a[i] - b[i]);
  return sum / double(a.size());
}

// Half a second of a sine with the note's pitch and peak; empty where the note has no pitch.
Samples tone_like(const Samples& note, double hertz, int rate) {
  Samples out;
  if (!std::isfinite(hertz)) return out;
  float peak = 0;
  for (const float x : note) peak = std::max(peak, std::fabs(x));
  for (int i = 0; i < rate / 2; ++i) out.push_back(peak * float(std::sin(2 * M_PI * hertz * i / rate)));
  return out;
}

// Hz, of the frames that sound.
double mean_centroid(const Samples& sound, int rate) {
  const auto curves = analyse(sound, {"centroid", "rms"}, {rate, 2048, 1024});
  const std::vector<bool> active = active_frames(curves[1]);
  std::vector<double> values;
  for (size_t i = 0; i < active.size(); ++i)
    if (active[i]) values.push_back(curves[0][i]);
  return mean(finite(values));
}

struct KnobStudy {
  const KnobSubject& first;
  const Knobs& knobs;
  const std::vector<KnobRow>& rows;
  std::vector<RunResult> results;
  // Of the page: THD by row and knob, a value a step, summed over the notes; how many these are by knob.
  std::map<std::pair<size_t, std::string>, std::vector<double>> curves;
  std::map<std::string, int> notes;

  int rate() const { return first.trained.config.data.sample_rate; }
  size_t true_effect() const { return rows.size() - kRowsWithoutModel; }

  Positions drawn(uint64_t clip, uint64_t draw, const Links& links) const {
    Positions out(knobs.scales().size());
    Random others(clip, draw);
    knobs.of(links, others, out.data());
    return out;
  }

  // The sounds of the first draw, one a row.
  std::vector<Samples> measure(size_t clip, const Samples& dry, const ChainConfig& chain,
                               const EvaluationConfig& config) {
    std::vector<Samples> heard;
    for (int d = 0; d < config.draws; ++d) {
      Random random(chain.seed, uint64_t(config.seed), clip, uint64_t(d));
      const Positions at = drawn(clip, uint64_t(d), draw_links(chain, random));
      std::vector<Samples> made;
      for (const KnobRow& row : rows) made.push_back(row.play(dry, at));
      const Samples& wet = made[true_effect()];
      for (size_t r = 0; r < rows.size(); ++r) {
        add(r, clip, d, "knob_mss", "dB", compare_sounds(wet, made[r], rate()).mss);
        add(r, clip, d, "knob_si_sdr", "dB", si_sdr(wet, made[r]));
      }
      if (d == 0) heard = std::move(made);
      if (d == 0) turn_all(clip, dry, at);
    }
    for (RunResult& result : results)
      for (ResultRow& row : result.rows)
        if (row.metric == "knob_mss" || row.metric == "knob_si_sdr") row.values[clip] /= config.draws;
    return heard;
  }

 private:
  // Sums over the draws; measure() divides.
  void add(size_t r, size_t clip, int draw, const char* metric, const char* unit, double value) {
    const ResultRow* row = results[r].find(metric);
    results[r].add(clip, metric, "", unit, value + (draw && row ? row->values[clip] : 0));
  }

  // Every knob that has a range, by itself, at every choice of the first knob that chooses, from where a draw has put
  // the others.
  void turn_all(size_t clip, const Samples& dry, const Positions& at) {
    const double hertz = note_pitch(dry, rate());
    const auto chooses = [&](size_t k) { return !knobs.choices(k).empty(); };
    size_t choice = 0;
    while (choice < at.size() && !chooses(choice)) ++choice;
    const std::vector<std::string> choices =
        choice < at.size() ? knobs.choices(choice) : std::vector<std::string>{""};
    for (size_t k = 0; k < at.size(); ++k)
      for (size_t c = 0; c < choices.size() && !chooses(k); ++c) {
        Positions from = at;
        if (choice < at.size()) from[choice] = knobs.scales()[choice].normalise(float(c));
        const std::string& name = knobs.scales()[k].descriptor;
        turn(clip, dry, hertz, from, k, choices[c].empty() ? name : name + " of " + choices[c]);
      }
  }

  // A tone of the note's pitch and peak for the harmonics: a note has some of its own. The note for the centroid.
  void turn(size_t clip, const Samples& dry, double hertz, Positions at, size_t k, const std::string& part) {
    const Samples tone = tone_like(dry, hertz, rate());
    std::vector<std::vector<double>> thd(rows.size()), centroid(rows.size());
    std::vector<double> turned;
    for (int step = 0; step < kSteps; ++step) {
      at[k] = position(step);
      turned.push_back(at[k]);
      for (size_t r = 0; r < rows.size(); ++r) {
        centroid[r].push_back(std::log2(mean_centroid(rows[r].play(dry, at), rate())));
        if (!tone.empty()) thd[r].push_back(decibels(harmonic_distortion(rows[r].play(tone, at), rate(), hertz)));
      }
    }
    const size_t wanted = true_effect();
    for (size_t r = 0; r < rows.size(); ++r) {
      results[r].add(clip, "knob_centroid", part, "", spearman(centroid[wanted], centroid[r]));
      results[r].add(clip, "knob_centroid_error", part, "octaves", mean_distance(centroid[wanted], centroid[r]));
      if (tone.empty()) continue;
      results[r].add(clip, "knob_thd", part, "", spearman(turned, thd[r]));
      results[r].add(clip, "knob_thd_error", part, "dB", mean_distance(thd[wanted], thd[r]));
      std::vector<double>& curve = curves[{r, part}];
      curve.resize(kSteps);
      for (size_t step = 0; step < kSteps; ++step) curve[step] += thd[r][step];
    }
    if (!tone.empty()) ++notes[part];
  }
};

std::vector<KnobCurve> curves_of(const KnobStudy& study) {
  std::vector<KnobCurve> out;
  for (const auto& [part, count] : study.notes)
    for (size_t r = 0; r < study.true_effect(); ++r) {
      const auto& scales = study.knobs.scales();
      const std::string knob = part.substr(0, part.find(" of "));
      const auto is_it = [&](const Scale& s) { return s.descriptor == knob; };
      const auto scale = std::find_if(scales.begin(), scales.end(), is_it);
      KnobCurve curve{study.rows[r].facts.run, part, scale->unit(), {}, {}, {}, count};
      for (int step = 0; step < kSteps; ++step) {
        curve.knob.push_back(scale->physical(position(step)));
        curve.wanted.push_back(study.curves.at({study.true_effect(), part})[size_t(step)] / count);
        curve.made.push_back(study.curves.at({r, part})[size_t(step)] / count);
      }
      out.push_back(std::move(curve));
    }
  return out;
}

}  // namespace

bool has_knobs(const fs::path& run) {
  const RunConfig config = run_config_of(read_checkpoint(find_checkpoint(run)));
  return config.data.pairs && !std::holds_alternative<EffectsConfig>(config.model);
}

std::vector<RunResult> evaluate_knobs(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                      const fs::path& out) {
  const torch::NoGradGuard no_grad;
  std::vector<KnobSubject> subjects;
  for (const fs::path& run : runs) {
    if (!has_knobs(run))
      fail(run.string(), ": learned no effect's knobs, but ", runs[0].string(), " did; evaluate them apart");
    subjects.push_back(load(run, config));
    if (subjects.back().names != subjects[0].names || subjects.back().facts.controls != subjects[0].facts.controls)
      fail(run.string(), ": has other test recordings or knobs than the first run");
  }
  const KnobSubject& first = subjects[0];
  const RunConfig& trained = first.trained.config;
  const ChainConfig& chain = trained.data.effects;
  const Knobs knobs(chain, trained.descriptors.classes);
  const std::vector<KnobRow> rows = rows_of(subjects, knobs, chain.level, trained.data.sample_rate);
  KnobStudy study{first, knobs, rows, {}, {}, {}};
  for (const KnobRow& row : rows) {
    study.results.emplace_back();
    study.results.back().facts = row.facts, study.results.back().clips = first.names;
    study.results.back().clusters = first.clusters, study.results.back().data = recordings_fingerprint(*first.dataset);
  }
  std::vector<std::vector<Samples>> examples;
  Progress progress("evaluate " + first.facts.run);
  for (size_t i = 0; i < first.clips.size(); ++i) {
    const auto length = std::min(first.dataset->clips()[size_t(first.clips[i])].samples,
                                 int64_t(config.seconds * trained.data.sample_rate));
    Samples dry(static_cast<size_t>(length));
    first.dataset->read(first.clips[i], 0, length, dry.data());
    std::vector<Samples> heard = study.measure(i, dry, chain, config);
    if (int(i) < config.examples) examples.push_back(std::move(heard));
    for (RunResult& result : study.results) result.seconds += double(length) / trained.data.sample_rate;
    progress.update(double(i + 1) / double(first.clips.size()));
  }
  progress.done(text(first.clips.size(), " recordings, ", rows.size(), " rows"));
  for (RunResult& result : study.results) result.summarise_rows(config.bootstrap, uint64_t(config.seed));
  std::vector<TrainingCurves> training;
  for (const KnobSubject& s : subjects) training.push_back({s.facts.run, read_journal(s.folder / "journal.jsonl")});
  const fs::path folder = out.empty() ? first.folder / "evaluation" : out;
  make_folder(folder);
  write_file(folder / "results.json", to_json(study.results, config));
  write_file(folder / "table.md", to_markdown(study.results, config));
  write_file(folder / "report.html", knobs_page(study.results, curves_of(study), examples, training, config));
  log_info("wrote " + (folder / "table.md").string() + ", results.json and report.html");
  return study.results;
}

}  // namespace nr
