#include <algorithm>

#include "evaluation/page.h"
#include "evaluation/table.h"

namespace nr {

using report::Cell;
using report::DataTable;
using report::element;
using report::Markup;

namespace {

// "at 1000 Hz", for a metric with such a part.
std::string place(const RunResult& run, const std::string& metric) {
  const ResultRow* row = run.find(metric, "at");
  return row && row->summary.clips > 0 ? "at " + number_text(row->summary.mean) + " " + row->unit : "";
}

// Mean, and below it the interval. The number of clips too, where it is not that of the run.
Cell number_cell(const RunResult& run, const std::string& metric, const std::string& part = "") {
  const ResultRow* row = run.find(metric, part);
  if (!row) return {"–", "", true};
  const bool fewer = part.empty() && row->summary.clips != static_cast<int>(run.clips.size());
  const std::string at = part.empty() ? place(run, metric) : "";
  return {number_text(row->summary.mean),
          interval_text(row->summary) + (at.empty() ? "" : "\n" + at) +
              (fewer ? "\nn " + std::to_string(row->summary.clips) : ""),
          true, false, part.empty() && fails(metrics().at(metric), row->summary.mean)};
}

std::string better_text(Metric::Better better) {
  switch (better) {
    case Metric::Better::kHigher:
      return " ↑";
    case Metric::Better::kLower:
      return " ↓";
    case Metric::Better::kNeither:
      break;
  }
  return "";
}

// "0.13 octaves", and below it "75 Hz".
Cell own_units(const RunResult& run, const std::string& metric, const std::string& part) {
  std::vector<std::string> found;
  for (const ResultRow& row : run.rows)
    if (row.metric == metric && row.part.rfind(part + " in ", 0) == 0 && row.unit != "linear")
      found.push_back(number_text(row.summary.mean) + " " + row.unit);
  found.resize(2);
  return {found[0], found[1], true};
}

bool any_has(const std::vector<RunResult>& runs, const Metric& metric) {
  for (const RunResult& run : runs)
    if (run.find(metric.name)) return true;
  return false;
}

Markup one_run(const RunResult& run) {
  Markup out;
  for (const bool control : {false, true}) {
    DataTable table{{{control ? "Control" : "Reconstruction"},
                     {"Mean", "", true},
                     {"95 % interval", "", true},
                     {"Median", "", true},
                     {"Clips", "", true}},
                    {}};
    for (const Metric& m : metrics().rows) {
      const ResultRow* row = needs_controls(m) == control ? run.find(m.name) : nullptr;
      if (!row) continue;
      table.rows.push_back({{m.title + (*m.unit ? std::string(", ") + m.unit : "") + better_text(m.better), m.reading},
                            {number_text(row->summary.mean), place(run, m.name), true, true,
                             fails(m, row->summary.mean)},
                            {interval_text(row->summary), "", true},
                            {number_text(row->summary.median), "", true},
                            {std::to_string(row->summary.clips), "", true}});
    }
    if (!table.rows.empty()) out += report::table(table);
  }
  return out;
}

// A row a run, in tables of at most six columns, which fit the page.
Markup several_runs(const std::vector<RunResult>& runs) {
  Markup out;
  std::vector<const Metric*> columns;
  for (const bool control : {false, true})
    for (const Metric& m : metrics().rows)
      if (needs_controls(m) == control && any_has(runs, m)) columns.push_back(&m);
  for (size_t from = 0, to; from < columns.size(); from = to) {
    const bool control = needs_controls(*columns[from]);
    for (to = from; to < columns.size() && to < from + 6 && needs_controls(*columns[to]) == control;) ++to;
    DataTable table{{{control ? "Control" : "Reconstruction"}}, {}};
    for (size_t c = from; c < to; ++c)
      table.head.push_back({columns[c]->brief + better_text(columns[c]->better), columns[c]->unit, true});
    for (const RunResult& run : runs) {
      if (std::none_of(columns.begin() + std::ptrdiff_t(from), columns.begin() + std::ptrdiff_t(to),
                       [&](const Metric* m) { return run.find(m->name); }))
        continue;
      std::vector<Cell> cells{{run.facts.run, std::to_string(run.clips.size()) + " clips"}};
      for (size_t c = from; c < to; ++c) cells.push_back(number_cell(run, columns[c]->name));
      table.rows.push_back(cells);
    }
    out += report::table(table);
  }
  Markup readings;
  for (const Metric& m : metrics().rows)
    if (any_has(runs, m)) readings += element("dt", {}, m.brief) + element("dd", {}, m.reading);
  return out +
         element("details", {},
                 element("summary", {}, "What each column means") + element("dl", {{"class", "readings"}}, readings));
}

Markup differences_section(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  Markup out;
  const auto compared = differences(runs, config.bootstrap, config.seed);
  for (size_t i = 1; i < runs.size(); ++i) {
    if (!has_model(runs[i].facts)) continue;
    if (!paired(runs[0], runs[i])) {
      out += element("p", {{"class", "note"}}, unpaired_text(runs[0], runs[i]));
      continue;
    }
    DataTable table{{{"Metric"},
                     {"Difference", "", true},
                     {"95 % interval", "", true},
                     {"p", "", true},
                     {"Clips", "", true},
                     {"Reading"}},
                    {}};
    for (const Difference& d : compared[i - 1]) {
      const Metric& m = metrics().at(d.other->metric);
      const bool sure = d.p < 0.05;
      const bool up = d.summary.mean > 0;
      const std::string reading = !sure || m.better == Metric::Better::kNeither
                                      ? (sure ? "differs" : "no sure difference")
                                  : up == (m.better == Metric::Better::kHigher) ? "better"
                                                                                : "worse";
      table.rows.push_back({{m.title},
                            {number_text(d.summary.mean), "", true},
                            {interval_text(d.summary), "", true},
                            {p_text(d.p), "", true},
                            {std::to_string(d.summary.clips), "", true},
                            {reading}});
    }
    table.caption = runs[i].facts.run + " minus " + runs[0].facts.run + ", clip by clip";
    out += report::table(table);
  }
  return out;
}

}  // namespace

Markup numbers_section(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  const auto models = std::count_if(runs.begin(), runs.end(), [](const auto& r) { return has_model(r.facts); });
  std::string note = "Means over " + clips_text(runs, config) +
                     ". Brackets: 95 % intervals of the mean by bootstrap over " + resampled(config) + ", " +
                     std::to_string(config.bootstrap) + " resamples, seed " + std::to_string(config.seed) + ". ";
  if (models > 1)
    note += "p: Wilcoxon’s signed-rank test over " + resampled(config) +
            ", by Holm over the runs that are compared with the first. ";
  Markup out = element("h2", {}, "The numbers") + element("p", {{"class", "note"}}, note + "Arrows point to better.");
  for (const std::string& failure : failures(runs)) out += element("p", {{"class", "bad"}}, failure + ".");
  const bool one = models == 1 && runs[0].find("multi_scale_stft");
  if (!one) return out + several_runs(runs) + differences_section(runs, config);
  out += one_run(runs[0]);
  if (runs.size() == 1) return out;
  return out + element("h3", {}, "What needs no model") + several_runs({runs.begin() + 1, runs.end()});
}

Markup control_section(const RunResult& run) {
  if (run.facts.controls.empty() || !run.find("control_pearson_all")) return {};
  Markup tables;
  for (const auto& [which, title] : std::vector<std::pair<std::string, std::string>>{
           {"own", "Own curves"}, {"all", "All exchanged"}, {"one", "One exchanged"}}) {
    const std::string pearson = "control_pearson_" + which, l1 = "control_l1_" + which;
    DataTable table{{{title},
                     {"Pearson ↑", "", true},
                     {"Spearman ↑", "", true},
                     {"L1 ↓", "position", true},
                     {"Off by", "", true}},
                    {}};
    if (which != "own") table.head.push_back({"Spearman ↑", "interior", true});
    if (which == "one") table.head.push_back({"Training distance", "position", true});
    for (std::string part : run.facts.controls) {
      const ResultRow* counted = run.find(pearson, part);
      std::vector<Cell> cells{{part, counted ? "n " + std::to_string(counted->summary.clips) : ""}};
      for (const std::string& metric : {pearson, "control_spearman_" + which, l1})
        cells.push_back(number_cell(run, metric, part));
      cells.push_back(own_units(run, l1, part));
      if (which != "own") cells.push_back(number_cell(run, "control_interior_spearman_" + which, part));
      if (which == "one") cells.push_back(number_cell(run, "control_distance_one", part));
      table.rows.push_back(cells);
    }
    tables += report::table(table);
  }
  return element("h3", {}, "Control by control: " + run.facts.run) +
         element("p", {{"class", "note"}},
                 "n: clips whose asked curve moves enough to count. L1 is in positions: a control’s range goes from "
                 "−1 to 1. Off by: the same L1 in the control’s own units. Training distance: from the asked "
                 "combination to the nearest one in the training data. Interior: over frames whose whole window lies "
                 "where the request sounds, of all clips together.") +
         tables;
}

Markup every_number(const RunResult& run) {
  DataTable table{{{"Metric"},
                   {"Part"},
                   {"Mean", "", true},
                   {"95 % interval", "", true},
                   {"Median", "", true},
                   {"Clips", "", true},
                   {"Unit"}},
                  {}};
  for (const ResultRow& row : run.rows)
    table.rows.push_back({{metrics().at(row.metric).title},
                          {row.part},
                          {number_text(row.summary.mean), "", true},
                          {interval_text(row.summary), "", true},
                          {number_text(row.summary.median), "", true},
                          {std::to_string(row.summary.clips), "", true},
                          {row.unit}});
  return element("details", {}, element("summary", {}, "Every number of " + run.facts.run) + report::table(table));
}

}  // namespace nr
