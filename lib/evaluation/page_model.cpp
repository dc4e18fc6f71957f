#include <cmath>
#include <set>

#include "base/log.h"
#include "base/names.h"
#include "evaluation/page.h"

namespace nr {

using report::Cell;
using report::DataTable;
using report::element;
using report::Markup;

namespace {

std::string grouped(int64_t value) {
  std::string digits = std::to_string(value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(at, " ");  // a narrow no-break space
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
  std::string components;
  for (const int count : f.components) components += (components.empty() ? "" : " · ") + std::to_string(count);
  return {{"Model", f.type, "latent of " + std::to_string(f.latent_size)},
          {"Fidelity", components.empty() ? "–" : components, "latents that hold 80, 90, 95, 99 % of the variance"},
          {"Controls", f.controls.empty() ? "none" : join(f.controls), ""},
          {"Parameters", millions(static_cast<double>(f.parameters)), grouped(f.parameters)},
          {"Compute", millions(f.macs_per_sample * f.sample_rate) + "MAC/s",
           grouped(std::llround(f.macs_per_sample)) + " a sample"},
          {"Sample rate", grouped(f.sample_rate) + " Hz", ""},
          {"Hop", milliseconds(f.hop, f.sample_rate), grouped(f.hop) + " samples"},
          {"Latency", milliseconds(f.delay + f.latency, f.sample_rate),
           "filter bank and look-ahead, beside one hop of buffer"},
          {"Training", grouped(f.step) + " steps", ""},
          {"Clips", grouped(static_cast<int64_t>(run.clips.size())), duration_text(run.seconds) + ", not trained on"},
          {"Test split",
           f.test_reads == 0   ? "not evaluated"
           : f.test_reads == 1 ? "evaluated once"
                               : "evaluated " + grouped(f.test_reads) + " times",
           ""},
          {"Config", f.config_hash, "graph " + f.graph_hash}};
}

Markup layer_table(const ModelFacts& f) {
  DataTable table{{{"Layer"}, {"Operation"}, {"Channels"}, {"Hop", "", true}, {"Parameters", "", true},
                   {"MACs a sample", "", true}}, {}};
  for (const LayerCost& l : f.layers)
    table.rows.push_back({{l.name}, {l.operation}, {l.shape}, {grouped(l.hop), "", true},
                          {grouped(l.parameters), "", true}, {number_text(l.macs_per_sample), "", true}});
  return report::table(table);
}

// Folded: the layers of each network once, and every config.
Markup details_of(const std::vector<RunResult>& runs) {
  Markup out;
  std::set<std::string> shown;
  const auto fold = [&](const std::string& summary, const Markup& inside) {
    out += element("details", {}, element("summary", {}, summary) + inside);
  };
  for (const RunResult& run : runs) {
    const ModelFacts& f = run.facts;
    if (!f.layers.empty() && shown.insert(f.graph_hash).second) fold("Layers of " + f.run, layer_table(f));
    if (!f.config.empty()) fold("Config of " + f.run, element("pre", {}, f.config));
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
    return element("dl", {{"class", "facts"}}, list) + details_of(runs);
  }
  DataTable table{{{"Run"}}, {}};
  for (const Fact& fact : facts(runs[0])) table.head.push_back({fact.name});
  for (const RunResult& run : runs) {
    std::vector<Cell> cells{{run.facts.run, "", false, true}};
    for (const Fact& fact : facts(run))
      cells.push_back(
          {fact.value, fact.name == "Config" || fact.name == "Model" ? fact.note : ""});
    table.rows.push_back(cells);
  }
  return report::table(table) + details_of(runs);
}

}  // namespace nr
