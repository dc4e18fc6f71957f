// What an evaluation found, before it is written anywhere: a row a metric and part, with the value of every clip. No torch.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "evaluation/statistics.h"

namespace nr {

// What the model is, for the headline of a report.
struct ModelFacts {
  std::string run;   // name in tables
  std::string type;  // "rave"
  int64_t parameters = 0, step = 0;
  double macs_per_sample = 0;
  int hop = 1, delay = 0, latency = 0, sample_rate = 0, latent_size = 0;  // delay: offline, latency: of the stream behind it; samples
  std::vector<std::string> controls;
  std::vector<int> components;  // principal components that hold 80, 90, 95 and 99 % of the latent's variance; empty: not known
  std::string config_hash, graph_hash;
};

struct ResultRow {
  std::string metric, part, unit;  // metric: a name in metrics()
  std::vector<double> values;      // a clip each, in the order of RunResult::clips; NaN: not defined there
  Summary summary;
};

struct RunResult {
  ModelFacts facts;
  std::vector<std::string> clips;
  double seconds = 0;  // of audio evaluated
  std::vector<ResultRow> rows;

  const ResultRow* find(const std::string& metric, const std::string& part = "") const;
  // Adds a clip's value; rows appear in the order in which they are first met. `clip` counts from 0.
  void add(size_t clip, const std::string& metric, const std::string& part, const std::string& unit, double value);
  void summarise_rows(int resamples, uint64_t seed);
};

struct Difference {
  const ResultRow *first, *other;  // other - first, over the clips both define
  Summary summary;
};
// Headline rows of `other` against the same of `first`; none when they were not evaluated on the same clips.
std::vector<Difference> differences(const RunResult& first, const RunResult& other, int resamples, uint64_t seed);

std::string to_json(const std::vector<RunResult>& runs, const EvaluationConfig& config);
std::string to_markdown(const std::vector<RunResult>& runs, const EvaluationConfig& config);

// "0.934", "12.3", "17 630 112": three or four digits that carry something; "–" for NaN.
std::string number_text(double value);
std::string fixed_text(double value, int decimals);
// "[0.91, 0.95]"; "–" when the interval is not known.
std::string interval_text(const Summary& summary);

}  // namespace nr
