#include "evaluation/results.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>

#include "base/names.h"
#include "evaluation/table.h"

namespace nr {

ModelFacts without_model(ModelFacts facts, const std::string& name) {
  facts.run = name, facts.type = "no model", facts.parameters = 0, facts.step = 0, facts.latent_size = 0;
  facts.controls.clear();
  return facts;
}

const ResultRow* RunResult::find(const std::string& metric, const std::string& part) const {
  for (const ResultRow& row : rows)
    if (row.metric == metric && row.part == part) return &row;
  return nullptr;
}

void RunResult::add(size_t clip, const std::string& metric, const std::string& part, const std::string& unit,
                    double value) {
  ResultRow* row = const_cast<ResultRow*>(find(metric, part));
  if (!row) row = &rows.emplace_back(ResultRow{metric, part, unit, {}, {}});
  row->values.resize(clip, std::numeric_limits<double>::quiet_NaN());
  row->values.push_back(value);
}

void RunResult::summarise_rows(int resamples, uint64_t seed) {
  for (ResultRow& row : rows) {
    row.values.resize(clips.size(), std::numeric_limits<double>::quiet_NaN());
    row.summary = summarise(row.values, resamples, seed, clusters);
  }
}

bool paired(const RunResult& first, const RunResult& other) {
  return first.data == other.data && first.clips == other.clips;
}

std::string unpaired_text(const RunResult& first, const RunResult& other) {
  return other.facts.run + " and " + first.facts.run +
         " were evaluated on different recordings: they are not compared clip by clip.";
}

std::vector<std::vector<Difference>> differences(const std::vector<RunResult>& runs, int resamples, uint64_t seed) {
  std::vector<std::vector<Difference>> out;
  std::map<std::string, std::vector<Difference*>> families;  // by metric
  for (size_t i = 1; i < runs.size(); ++i) {
    out.emplace_back();
    if (!paired(runs[0], runs[i]) || !has_model(runs[i].facts)) continue;
    for (const ResultRow& row : runs[i].rows) {
      const ResultRow* same = runs[0].find(row.metric);
      if (!row.part.empty() || !same) continue;
      const std::vector<double> values = paired_differences(same->values, row.values);
      out.back().push_back({same, &row, summarise(values, resamples, seed, runs[0].clusters),
                            wilcoxon(cluster_means(values, runs[0].clusters))});
    }
  }
  for (auto& of_run : out)
    for (Difference& d : of_run) families[d.other->metric].push_back(&d);
  for (const auto& [metric, family] : families) {
    std::vector<double> p;
    for (const Difference* d : family) p.push_back(d->p);
    const std::vector<double> adjusted = holm(p);
    for (size_t i = 0; i < family.size(); ++i) family[i]->p = adjusted[i];
  }
  return out;
}

std::vector<std::string> failures(const std::vector<RunResult>& runs) {
  std::vector<std::string> out;
  for (const Metric& m : metrics().rows) {
    std::vector<std::string> failing;
    for (const RunResult& run : runs)
      if (const ResultRow* row = run.find(m.name); row && fails(m, row->summary.mean))
        failing.push_back(run.facts.run + " " + number_text(row->summary.mean));
    if (!failing.empty()) out.push_back(std::string(m.failure) + ", by " + m.brief + ": " + join(failing));
  }
  return out;
}

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text[0] == '-' ? "−" + std::string(text + 1) : text;
}

namespace {
int decimals_for(double value) {
  const double size = std::abs(value);
  return size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.0095 || size == 0 ? 3 : 4;
}
}  // namespace

std::string number_text(double value) { return fixed_text(value, decimals_for(value)); }

std::string resampled(const EvaluationConfig& config) {
  return config.cluster.empty() ? "clips" : "clusters by " + config.cluster;
}

std::string clips_text(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  const std::string group = runs.empty() ? "" : runs[0].facts.group;
  if (!runs.empty() && runs[0].facts.chunks)
    return config.split + " clips, pieces of recordings of which other pieces were trained on,";
  return config.split + " clips" + (group.empty() ? "" : " of held-out values of " + group);
}

std::string p_text(double p) {
  return !std::isfinite(p) ? "–" : p < 0.001 ? "< 0.001" : fixed_text(p, 3);
}

std::string interval_text(const Summary& s) {
  if (!std::isfinite(s.low)) return "–";
  const int decimals = decimals_for(std::max(std::abs(s.low), std::abs(s.high)));
  return "[" + fixed_text(s.low, decimals) + ", " + fixed_text(s.high, decimals) + "]";
}

}  // namespace nr
