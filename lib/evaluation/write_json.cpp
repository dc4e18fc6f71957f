#include <cmath>
#include <nlohmann/json.hpp>

#include "evaluation/results.h"
#include "evaluation/table.h"

namespace nr {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json summary(const Summary& s) {
  return {{"mean", number(s.mean)},
          {"median", number(s.median)},
          {"low", number(s.low)},
          {"high", number(s.high)},
          {"clips", s.clips}};
}

Json facts(const ModelFacts& f) {
  return {{"run", f.run},
          {"type", f.type},
          {"step", f.step},
          {"parameters", f.parameters},
          {"macs_per_sample", f.macs_per_sample},
          {"hop", f.hop},
          {"delay", f.delay},
          {"latency", f.latency},
          {"sample_rate", f.sample_rate},
          {"latent_size", f.latent_size},
          {"components_for_80_90_95_99", f.components},
          {"controls", f.controls},
          {"config_hash", f.config_hash},
          {"graph_hash", f.graph_hash},
          {"test_reads", f.test_reads},
          {"group", f.group},
          {"chunks", f.chunks}};
}

const char* direction(Metric::Better better) {
  switch (better) {
    case Metric::Better::kHigher:
      return "higher";
    case Metric::Better::kLower:
      return "lower";
    case Metric::Better::kNeither:
      return "neither";
  }
  return "";
}

}  // namespace

std::string to_json(const std::vector<RunResult>& runs, const EvaluationConfig& config) {
  Json root;
  root["metrics_version"] = kMetricsVersion;
  root["evaluation"] = {{"split", config.split},   {"clips", config.clips},         {"seconds", config.seconds},
                        {"donors", config.donors}, {"bootstrap", config.bootstrap}, {"cluster", config.cluster},
                        {"seed", config.seed}};
  root["interval"] = "95 % percentile bootstrap of the mean over " + resampled(config);
  root["p"] = "Wilcoxon signed rank over " + resampled(config) + ", Holm over the runs compared in a metric";
  for (const Metric& m : metrics().rows)
    root["metrics"][m.name] = {{"title", m.title}, {"better", direction(m.better)}, {"reading", m.reading}};
  root["runs"] = Json::array();
  for (const RunResult& run : runs) {
    Json out = {{"model", facts(run.facts)},
                {"data", run.data},
                {"seconds", run.seconds},
                {"clips", run.clips},
                {"clusters", run.clusters},
                {"rows", Json::array()}};
    for (const ResultRow& row : run.rows) {
      Json line = {{"metric", row.metric}, {"part", row.part}, {"unit", row.unit}};
      line.update(summary(row.summary));
      for (const double v : row.values) line["values"].push_back(number(v));
      out["rows"].push_back(line);
    }
    root["runs"].push_back(out);
  }
  const auto compared = differences(runs, config.bootstrap, config.seed);
  for (size_t i = 1; i < runs.size(); ++i) {
    if (!paired(runs[0], runs[i]))
      root["not_paired"].push_back({{"run", runs[i].facts.run}, {"against", runs[0].facts.run}});
    for (const Difference& d : compared[i - 1]) {
      Json line = {{"run", runs[i].facts.run}, {"against", runs[0].facts.run}, {"metric", d.other->metric}};
      line.update(summary(d.summary));
      line["p"] = number(d.p);
      root["differences"].push_back(line);
    }
  }
  return root.dump(1) + "\n";
}

}  // namespace nr
