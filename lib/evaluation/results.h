// The results of an evaluation before they are written: one row for each metric and part, with the value of every clip.
// No torch.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "evaluation/statistics.h"
#include "graph/layers.h"

namespace nr {

// What the model is, for the headline of a report.
struct ModelFacts {
  std::string run;   // name in tables
  std::string type;  // "rave"
  int64_t parameters = 0, step = 0;
  double macs_per_sample = 0;
  int hop = 1, delay = 0, latency = 0;  // samples; delay: of the offline network, latency: what a stream adds to it
  int sample_rate = 0, latent_size = 0;
  std::vector<std::string> controls;
  std::vector<int> components;  // principal ones that hold 80, 90, 95, 99 % of the latent's variance; empty: not known
  std::string config_hash, graph_hash;
  std::string config;         // whole, as YAML
  std::vector<LayerCost> layers;  // of the graph; empty for a network that is none
  int test_reads = 0;  // how often it was evaluated on its test split, this time included
  std::string group;   // label no value of which is in two splits (data.group); empty: files were split
  bool chunks = false;  // not files but their pieces were split (data.legacy)
};

// Of a row that no model made.
ModelFacts without_model(ModelFacts facts, const std::string& name);
inline bool has_model(const ModelFacts& facts) { return facts.parameters > 0; }

struct ResultRow {
  std::string metric, part, unit;  // metric: a name in metrics()
  std::vector<double> values;      // a clip each, in the order of RunResult::clips; NaN: not defined there
  Summary summary;
};

struct RunResult {
  ModelFacts facts;
  std::string data;                // fingerprint of the dataset that the clips are from
  std::vector<std::string> clips;  // each name stands for one clip of that dataset
  Clusters clusters;               // of the clips
  double seconds = 0;              // of audio evaluated
  std::vector<ResultRow> rows;

  const ResultRow* find(const std::string& metric, const std::string& part = "") const;
  // Adds a clip's value. A metric and part not seen before begin a new row. `clip` counts from 0.
  void add(size_t clip, const std::string& metric, const std::string& part, const std::string& unit, double value);
  void summarise_rows(int resamples, uint64_t seed);
};

// Were both evaluated on the same clips of the same data? Equal file names do not make equal clips: violin/067.wav is
// not viola/067.wav.
bool paired(const RunResult& first, const RunResult& other);
// The sentence for two runs that are not paired.
std::string unpaired_text(const RunResult& first, const RunResult& other);

struct Difference {
  const ResultRow *first, *other;  // other - first, over the clips in which both are defined
  Summary summary;
  double p;  // wilcoxon() of the clusters' mean differences, by holm() over the runs that are compared in this metric
};
// Of every run behind the first: its headline rows against the first's. None of a run that is not paired with it, or
// that no model made.
std::vector<std::vector<Difference>> differences(const std::vector<RunResult>& runs, int resamples, uint64_t seed);

// "Plays other pitches than asked, by In tune: tiny 0.003, small 0.010": one for each metric whose mean is below its
// least, with every run that it is of.
std::vector<std::string> failures(const std::vector<RunResult>& runs);

// "clips", or "clusters by instrument": what an interval resamples.
std::string resampled(const EvaluationConfig& config);

// "test clips", or "test clips of held-out values of key": of the first run's split.
std::string clips_text(const std::vector<RunResult>& runs, const EvaluationConfig& config);

std::string to_json(const std::vector<RunResult>& runs, const EvaluationConfig& config);
// One line a row of each run; empty cells where a number is not defined.
std::string to_csv(const std::vector<RunResult>& runs);
std::string to_markdown(const std::vector<RunResult>& runs, const EvaluationConfig& config);

// "0.012"; "< 0.001"; "–" when it is not known.
std::string p_text(double p);
// Three or four significant digits: "0.934", "12.35", "1235"; "–" for NaN.
std::string number_text(double value);
std::string fixed_text(double value, int decimals);
// "[0.91, 0.95]"; "–" when the interval is not known.
std::string interval_text(const Summary& summary);

}  // namespace nr
