#include "study/combine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "base/error.h"
#include "evaluation/page.h"
#include "evaluation/statistics.h"
#include "evaluation/table.h"

namespace nr {
namespace {

using report::element;
using report::Markup;

const RunResult* find_run(const std::vector<RunResult>& runs, const std::string& name) {
  for (const RunResult& run : runs)
    if (run.facts.run == name) return &run;
  return nullptr;
}

// Means of a clip's values over the rows that have it; NaN where none has.
std::vector<double> mean_values(const std::vector<const ResultRow*>& rows) {
  std::vector<double> out(rows[0]->values.size(), std::numeric_limits<double>::quiet_NaN());
  for (size_t i = 0; i < out.size(); ++i) {
    std::vector<double> found;
    for (const ResultRow* row : rows) found.push_back(row->values[i]);
    out[i] = mean(finite(found));
  }
  return out;
}

RunResult combine_row(const std::vector<const RunResult*>& runs, const EvaluationConfig& config) {
  RunResult out = *runs[0];
  for (const RunResult* run : runs) {
    if (!paired(out, *run)) fail(unpaired_text(out, *run), " Seeds are combined clip by clip.");
    for (const ResultRow& row : run->rows)
      if (!out.find(row.metric, row.part)) out.rows.push_back(row);
  }
  for (ResultRow& row : out.rows) {
    std::vector<const ResultRow*> same;
    for (const RunResult* run : runs)
      if (const ResultRow* found = run->find(row.metric, row.part)) same.push_back(found);
    row.values = mean_values(same);
  }
  out.summarise_rows(config.bootstrap, uint64_t(config.seed));
  return out;
}

// Seeds against rows and metrics, as the two writers show them.
struct SeedTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

SeedTable seed_table(const StudyFacts& facts, const SeedResults& seeds, const std::vector<RunResult>& combined) {
  SeedTable out{{"row", "metric"}, {}};
  for (const int64_t seed : facts.seeds) out.head.push_back("seed " + std::to_string(seed));
  out.head.push_back("range");
  for (const RunResult& run : combined)
    for (const Metric& metric : metrics().rows) {
      if (!run.find(metric.name)) continue;
      std::vector<std::string> cells{run.facts.run, metric.brief};
      std::vector<double> found;
      for (const auto& results : seeds) {
        const RunResult* one = find_run(results, run.facts.run);
        const ResultRow* row = one ? one->find(metric.name) : nullptr;
        cells.push_back(row ? number_text(row->summary.mean) : "–");
        if (row && std::isfinite(row->summary.mean)) found.push_back(row->summary.mean);
      }
      const auto ends = std::minmax_element(found.begin(), found.end());
      cells.push_back(found.empty() ? "–" : number_text(*ends.second - *ends.first));
      out.rows.push_back(cells);
    }
  return out;
}

SeedTable published_table(const StudyFacts& facts) {
  SeedTable out{{"published", "metric", "value", "source"}, {}};
  for (const auto& [source, rows] : facts.published)
    for (const auto& [name, values] : rows)
      for (const auto& [metric, value] : values)
        out.rows.push_back({name, metrics().at(metric).title, number_text(value), source});
  return out;
}

void write(std::ostream& out, const SeedTable& table) {
  for (const std::string& cell : table.head) out << "| " << cell << ' ';
  out << "|\n";
  for (size_t i = 0; i < table.head.size(); ++i) out << "|---";
  out << "|\n";
  for (const auto& row : table.rows) {
    for (const std::string& cell : row) out << "| " << cell << ' ';
    out << "|\n";
  }
  out << '\n';
}

Markup table_of(const SeedTable& table) {
  report::DataTable out;
  for (size_t i = 0; i < table.head.size(); ++i) out.head.push_back({table.head[i], "", i >= 2});
  for (const auto& row : table.rows) {
    out.rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) out.rows.back().push_back({row[i], "", i >= 2});
  }
  return report::table(out);
}

std::string seeds_text(const StudyFacts& facts) {
  return facts.seeds.size() > 1 ? "Each row is the mean of " + std::to_string(facts.seeds.size()) +
                                      " seeds, clip by clip. Intervals are over clips; the range is over seeds."
                                : "One seed.";
}

Markup objectives_link() {
  const std::string text = "What the models minimise, equation by equation";
  return element("li", {}, element("a", {{"href", "objectives.html"}}, text));
}

}  // namespace

std::vector<RunResult> combine(const SeedResults& seeds, const EvaluationConfig& config) {
  std::vector<std::string> names;
  for (const auto& results : seeds)
    for (const RunResult& run : results)
      if (!contains(names, run.facts.run)) names.push_back(run.facts.run);
  std::vector<RunResult> out;
  for (const std::string& name : names) {
    std::vector<const RunResult*> runs;
    for (const auto& results : seeds)
      if (const RunResult* run = find_run(results, name)) runs.push_back(run);
    out.push_back(combine_row(runs, config));
  }
  return out;
}

std::string study_markdown(const StudyFacts& facts, const SeedResults& seeds, const EvaluationConfig& config) {
  const std::vector<RunResult> combined = combine(seeds, config);
  std::ostringstream out;
  out << "# " << facts.title << "\n\n" << seeds_text(facts) << "\n\n";
  for (const std::string& failure : facts.failed) out << "**✗ " << failure << "**\n\n";
  if (combined.empty()) return out.str();
  out << to_markdown(combined, config) << "## Seeds\n\n";
  write(out, seed_table(facts, seeds, combined));
  if (!facts.published.empty()) {
    out << "## Published by others\n\n";
    write(out, published_table(facts));
  }
  return out.str();
}

std::string study_page(const StudyFacts& facts, const SeedResults& seeds, const EvaluationConfig& config) {
  const std::vector<RunResult> combined = combine(seeds, config);
  Markup body = element("h1", {}, facts.title) + element("p", {}, seeds_text(facts));
  for (const std::string& failure : facts.failed) body += element("p", {{"class", "bad"}}, "✗ " + failure);
  Markup links;
  for (size_t s = 0; s < seeds.size(); ++s)
    if (!seeds[s].empty()) {
      const std::string seed = std::to_string(facts.seeds[s]);
      links += element("li", {}, element("a", {{"href", "seed_" + seed + "/report.html"}},
                                         "Seed " + seed + ": sounds, curves, every number"));
    }
  body += element("ul", {}, links + objectives_link());
  if (combined.empty()) return report::page(facts.title, body);
  body += numbers_section(combined, config);
  body += element("h2", {}, "Seeds") + table_of(seed_table(facts, seeds, combined));
  if (!facts.published.empty()) body += element("h2", {}, "Published by others") + table_of(published_table(facts));
  return report::page(facts.title, body);
}

std::string index_page(const std::vector<StudySummary>& studies) {
  constexpr size_t kColumns = 8;
  Markup body = element("h1", {}, "Studies") + element("ul", {}, objectives_link());
  for (const StudySummary& study : studies) {
    body += element("h2", {}, element("a", {{"href", study.page}}, study.facts.title));
    body += element("p", {}, seeds_text(study.facts));
    for (const std::string& failure : study.facts.failed) body += element("p", {{"class", "bad"}}, "✗ " + failure);
    std::vector<const Metric*> columns;
    for (const Metric& metric : metrics().rows)
      if (metric.better != Metric::Better::kNeither && columns.size() < kColumns &&
          std::any_of(study.results.begin(), study.results.end(), [&](const auto& r) { return r.find(metric.name); }))
        columns.push_back(&metric);
    report::DataTable table{{{"Row"}}, {}};
    for (const Metric* metric : columns) table.head.push_back({metric->brief, "", true});
    for (const RunResult& run : study.results) {
      if (!has_model(run.facts)) continue;
      std::vector<report::Cell> cells{{run.facts.run, "", false, true}};
      for (const Metric* metric : columns) {
        const ResultRow* row = run.find(metric->name);
        cells.push_back({row ? number_text(row->summary.mean) : "–", "", true, false,
                         row && fails(*metric, row->summary.mean)});
      }
      table.rows.push_back(cells);
    }
    if (!table.rows.empty()) body += report::table(table);
  }
  return report::page("Studies", body);
}

}  // namespace nr
