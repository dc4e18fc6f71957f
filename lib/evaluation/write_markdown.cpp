#include <sstream>

#include "base/names.h"
#include "evaluation/results.h"
#include "evaluation/table.h"

namespace nr {
namespace {

// Bold where the metric says that the model fails.
std::string headline(const Metric& metric, const ResultRow* row) {
  if (!row) return "–";
  const std::string value = number_text(row->summary.mean) + " " + interval_text(row->summary);
  return fails(metric, row->summary.mean) ? "**✗ " + value + "**" : value;
}

// A row a run, the headline of every metric that any run has.
void compare_runs(std::ostream& out, const std::vector<RunResult>& runs) {
  std::vector<const Metric*> columns;
  for (const Metric& m : metrics().rows)
    for (const RunResult& run : runs)
      if (run.find(m.name)) {
        columns.push_back(&m);
        break;
      }
  out << "| run |";
  for (const Metric* m : columns) out << ' ' << m->brief << " |";
  out << "\n|---|";
  for (size_t i = 0; i < columns.size(); ++i) out << "---:|";
  for (const RunResult& run : runs) {
    out << "\n| " << run.facts.run << " |";
    for (const Metric* m : columns) out << ' ' << headline(*m, run.find(m->name)) << " |";
  }
  out << "\n\n";
  for (const std::string& failure : failures(runs)) out << "**✗ " << failure << ".**\n\n";
}

void every_row(std::ostream& out, const RunResult& run) {
  out << "| metric | part | mean | 95 % interval | median | clips | unit |\n|---|---|---:|---:|---:|---:|---|\n";
  for (const ResultRow& row : run.rows)
    out << "| " << metrics().at(row.metric).title << " | " << row.part << " | " << number_text(row.summary.mean)
        << " | " << interval_text(row.summary) << " | " << number_text(row.summary.median) << " | " << row.summary.clips
        << " | " << row.unit << " |\n";
  out << '\n';
}

}  // namespace

std::string to_markdown(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  std::ostringstream out;
  out << "Means over " << clips_text(runs, config) << " with 95 % bootstrap intervals over " << resampled(config)
      << " (" << config.bootstrap << " resamples, seed " << config.seed << "). p: Wilcoxon's signed-rank test over "
      << resampled(config) << ", by Holm over the runs that are compared with the first in a metric.\n\n";
  compare_runs(out, runs);
  const auto compared = differences(runs, config.bootstrap, config.seed);
  for (size_t i = 1; i < runs.size(); ++i) {
    if (!has_model(runs[i].facts)) continue;
    if (!paired(runs[0], runs[i])) {
      out << unpaired_text(runs[0], runs[i]) << "\n\n";
      continue;
    }
    out << "**" << runs[i].facts.run << " − " << runs[0].facts.run
        << "**, paired by clip\n\n| metric | difference | 95 % interval | p | clips |\n|---|---:|---:|---:|---:|\n";
    for (const Difference& d : compared[i - 1])
      out << "| " << metrics().at(d.other->metric).title << " | " << number_text(d.summary.mean) << " | "
          << interval_text(d.summary) << " | " << p_text(d.p) << " | " << d.summary.clips << " |\n";
    out << '\n';
  }
  for (const RunResult& run : runs) {
    const ModelFacts& f = run.facts;
    out << "## " << f.run << "\n\n"
        << f.type << ", " << f.parameters << " parameters, hop " << f.hop << ", " << f.sample_rate
        << " Hz, controls: " << (f.controls.empty() ? "none" : join(f.controls)) << "; step " << f.step << ", config "
        << f.config_hash << ", graph " << f.graph_hash << "; " << run.clips.size() << " clips.\n\n";
    every_row(out, run);
  }
  return out.str();
}

}  // namespace nr
