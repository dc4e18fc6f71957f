#include <cmath>

#include "base/names.h"
#include "evaluation/page.h"
#include "evaluation/table.h"

namespace nr {

using report::Attributes;
using report::Cell;
using report::DataTable;
using report::element;
using report::Markup;

namespace {

std::string grouped(int64_t value) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, " ");  // a narrow no-break space
  return digits;
}

std::string millions(double value) {
  if (value >= 1e9) return number_text(value / 1e9) + " G";
  if (value >= 1e6) return number_text(value / 1e6) + " M";
  return value >= 1e3 ? number_text(value / 1e3) + " k" : number_text(value);
}

std::string milliseconds(int samples, int rate) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", 1000.0 * samples / rate);
  return text;
}

struct Fact {
  std::string name, value, note;
};

std::vector<Fact> facts(const RunResult& run) {
  const ModelFacts& f = run.facts;
  return {{"Model", f.type, "latent of " + std::to_string(f.latent_size)},
          {"Controls", f.controls.empty() ? "none" : join(f.controls), ""},
          {"Parameters", millions(static_cast<double>(f.parameters)), grouped(f.parameters)},
          {"Compute", millions(f.macs_per_sample * f.sample_rate) + "MAC/s", grouped(std::llround(f.macs_per_sample)) + " a sample"},
          {"Sample rate", grouped(f.sample_rate) + " Hz", ""},
          {"Hop", milliseconds(f.hop, f.sample_rate), grouped(f.hop) + " samples"},
          {"Latency", milliseconds(f.delay + f.latency, f.sample_rate), "filter bank and look-ahead, beside one hop of buffer"},
          {"Training", grouped(f.step) + " steps", ""},
          {"Test clips", grouped(static_cast<int64_t>(run.clips.size())), number_text(run.seconds / 60) + " minutes, unseen"},
          {"Config", f.config_hash, "graph " + f.graph_hash}};
}

Cell number_cell(const ResultRow* row, bool strong = false) {
  if (!row) return {"–", "", true};
  return {number_text(row->summary.mean), interval_text(row->summary), true, strong};
}

std::string better_text(Metric::Better better) {
  switch (better) {
    case Metric::Better::kHigher: return " ↑";
    case Metric::Better::kLower: return " ↓";
    case Metric::Better::kNeither: break;
  }
  return "";
}

bool any_has(const std::vector<RunResult>& runs, const Metric& metric) {
  for (const RunResult& run : runs)
    if (run.find(metric.name)) return true;
  return false;
}

Markup one_run(const RunResult& run) {
  DataTable table{{{"Metric"}, {"Mean", "", true}, {"95 % interval", "", true}, {"Median", "", true}, {"Clips", "", true}}, {}};
  for (const Metric& m : metrics().rows)
    if (const ResultRow* row = run.find(m.name)) {
      const std::string unit = *m.unit ? std::string(" / ") + m.unit : "";
      table.rows.push_back({{m.title + unit + better_text(m.better), m.reading},
                            {number_text(row->summary.mean), "", true, true},
                            {interval_text(row->summary), "", true},
                            {number_text(row->summary.median), "", true},
                            {std::to_string(row->summary.clips), "", true}});
    }
  return report::table(table);
}

// A row a run: reconstruction in one table, control in another, so that neither runs off the page.
Markup several_runs(const std::vector<RunResult>& runs) {
  Markup out;
  for (const bool control : {false, true}) {
    DataTable table{{{control ? "Control" : "Reconstruction"}}, {}};
    std::vector<const Metric*> columns;
    for (const Metric& m : metrics().rows)
      if (m.needs_controls == control && any_has(runs, m)) {
        columns.push_back(&m);
        table.head.push_back({m.brief + better_text(m.better), m.unit, true});
      }
    if (columns.empty()) continue;
    for (const RunResult& run : runs) {
      std::vector<Cell> cells{{run.facts.run, std::to_string(run.clips.size()) + " clips"}};
      for (const Metric* m : columns) cells.push_back(number_cell(run.find(m->name)));
      table.rows.push_back(cells);
    }
    out += report::table(table);
  }
  Markup readings;
  for (const Metric& m : metrics().rows)
    if (any_has(runs, m)) readings += element("dt", {}, m.brief) + element("dd", {}, m.reading);
  return out + element("details", {}, element("summary", {}, "What each column means") + element("dl", {{"class", "readings"}}, readings));
}

Markup paired(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  Markup out;
  for (size_t i = 1; i < runs.size(); ++i) {
    DataTable table{{{"Metric"}, {"Difference", "", true}, {"95 % interval", "", true}, {"Clips", "", true}, {"Reading"}}, {}};
    for (const Difference& d : differences(runs[0], runs[i], config.bootstrap, config.seed)) {
      const Metric& m = metrics().at(d.other->metric);
      const bool sure = d.summary.low > 0 || d.summary.high < 0;
      const bool up = d.summary.mean > 0;
      const std::string reading = !sure || m.better == Metric::Better::kNeither ? (sure ? "differs" : "no sure difference")
                                  : up == (m.better == Metric::Better::kHigher)  ? "better"
                                                                                 : "worse";
      table.rows.push_back({{m.title}, {number_text(d.summary.mean), "", true}, {interval_text(d.summary), "", true}, {std::to_string(d.summary.clips), "", true}, {reading}});
    }
    if (table.rows.empty()) {
      out += element("p", {{"class", "note"}}, runs[i].facts.run + " and " + runs[0].facts.run + " were not evaluated on the same clips: their rows can be compared only loosely.");
      continue;
    }
    table.caption = runs[i].facts.run + " minus " + runs[0].facts.run + ", clip by clip";
    out += report::table(table);
  }
  return out;
}

}  // namespace

Markup model_section(const std::vector<RunResult>& runs) {
  if (runs.size() == 1) {
    Markup list;
    for (const Fact& fact : facts(runs[0])) {
      Markup value = report::escaped(fact.value);
      if (!fact.note.empty()) value += element("small", {}, fact.note);
      list += element("div", {}, element("dt", {}, fact.name) + element("dd", {}, value));
    }
    return element("dl", {{"class", "facts"}}, list);
  }
  DataTable table{{{"Run"}}, {}};
  for (const Fact& fact : facts(runs[0])) table.head.push_back({fact.name});
  for (const RunResult& run : runs) {
    std::vector<Cell> cells{{run.facts.run, "", false, true}};
    for (const Fact& fact : facts(run)) cells.push_back({fact.value, fact.name == "Latency" ? "" : fact.note});
    table.rows.push_back(cells);
  }
  return report::table(table);
}

Markup numbers_section(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  Markup out = element("h2", {}, "The numbers");
  out += element("p", {{"class", "note"}},
                 "Means over test clips. Brackets: 95 % intervals of the mean by bootstrap over clips, " + grouped(config.bootstrap) + " resamples, seed " +
                     std::to_string(config.seed) + ". Arrows point to better.");
  return out + (runs.size() == 1 ? one_run(runs[0]) : several_runs(runs) + paired(runs, config));
}

Markup control_section(const RunResult& run) {
  if (run.facts.controls.empty() || !run.find("control_pearson_all")) return {};
  DataTable table{{{"Control"}}, {}, ""};
  const std::vector<std::string> columns{"control_pearson_all", "control_spearman_all", "control_l1_all", "control_pearson_one", "control_spearman_one", "control_l1_one", "control_reach_one"};
  for (const std::string& name : columns) {
    const Metric& m = metrics().at(name);
    table.head.push_back({m.brief + better_text(m.better), m.unit, true});
  }
  table.head.insert(table.head.begin() + 4, {"Off by, all", "own units", true});
  std::vector<std::string> parts = run.facts.controls;
  parts.push_back("");
  for (const std::string& part : parts) {
    const ResultRow* counted = run.find("control_pearson_all", part);
    const std::string note = counted ? std::to_string(counted->summary.clips) + " curves count" : "";
    std::vector<Cell> cells{{part.empty() ? "mean" : part, part.empty() ? "" : note, false, part.empty()}};
    for (const std::string& name : columns) cells.push_back(number_cell(run.find(name, part), part.empty()));
    std::vector<std::string> units;
    for (const ResultRow& row : run.rows)
      if (!part.empty() && row.metric == "control_l1_all" && row.part.rfind(part + " in ", 0) == 0 && row.unit != "linear")
        units.push_back(number_text(row.summary.mean) + " " + row.unit);
    cells.insert(cells.begin() + 4, {units.empty() ? "" : units[0], units.size() > 1 ? units[1] : "", true});
    table.rows.push_back(cells);
  }
  return element("h3", {}, "Control by control: " + run.facts.run) +
         element("p", {{"class", "note"}}, "“All”: every descriptor comes from another clip. “One”: only this one, the others are held.") + report::table(table);
}

Markup every_number(const RunResult& run) {
  DataTable table{{{"Metric"}, {"Part"}, {"Mean", "", true}, {"95 % interval", "", true}, {"Median", "", true}, {"Clips", "", true}, {"Unit"}}, {}};
  for (const ResultRow& row : run.rows)
    table.rows.push_back({{metrics().at(row.metric).title}, {row.part}, {number_text(row.summary.mean), "", true}, {interval_text(row.summary), "", true},
                          {number_text(row.summary.median), "", true}, {std::to_string(row.summary.clips), "", true}, {row.unit}});
  return element("details", {}, element("summary", {}, "Every number of " + run.facts.run) + report::table(table));
}

}  // namespace nr
