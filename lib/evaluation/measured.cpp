#include "evaluation/measured.h"

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "config/writer.h"
#include "nn/checkpoint.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

using KeptJson = nlohmann::ordered_json;

// The program stands for all code that measures.
uint64_t measured_key(const fs::path& run, const Bench& bench, const EvaluationConfig& config) {
  const Dataset& dataset = *bench.subject.dataset;
  uint64_t key = hash64(recordings_fingerprint(dataset) + hex(dataset.fingerprint()));
  std::vector<fs::path> files{"/proc/self/exe", find_checkpoint(run)};
  if (!config.cdpam.empty()) files.push_back(config.cdpam);
  for (const fs::path& file : files) key = hash64(read_file(file), key);
  return key;
}

KeptJson to_kept(const RunResult& result) {
  KeptJson rows = KeptJson::array();
  for (const ResultRow& row : result.rows)  // null stands for what is not finite
    rows.push_back({{"metric", row.metric}, {"part", row.part}, {"unit", row.unit}, {"values", row.values}});
  return {{"run", result.facts.run}, {"clips", result.clips}, {"seconds", result.seconds}, {"rows", rows}};
}

RunResult from_kept(const KeptJson& kept, const ModelFacts& facts, const Subject& subject,
                    const EvaluationConfig& config) {
  RunResult out;
  out.facts = facts, out.data = recordings_fingerprint(*subject.dataset), out.clusters = subject.clusters;
  out.clips = kept.at("clips").get<std::vector<std::string>>(), out.seconds = kept.at("seconds");
  for (const KeptJson& line : kept.at("rows")) {
    ResultRow row{line.at("metric"), line.at("part"), line.at("unit"), {}, {}};
    for (const KeptJson& value : line.at("values"))
      row.values.push_back(value.is_null() ? kUndefined : value.get<double>());
    out.rows.push_back(std::move(row));
  }
  out.summarise_rows(config.bootstrap, uint64_t(config.seed));
  return out;
}

}  // namespace

std::vector<RunResult> measure_or_read(const fs::path& run, const Bench& bench, const EvaluationConfig& config,
                                       bool with_floors) {
  const Subject& subject = bench.subject;
  const std::string key = hex(measured_key(run, bench, config));
  EvaluationConfig measured = config;  // without what only the page and the intervals need
  measured.examples = measured.listening = measured.bootstrap = 0, measured.midi = measured.voice = "";
  const std::string settings = hex(hash64(config::dump(measured) + (with_floors ? " floors " : " ") +
                                          find_checkpoint(run).filename().string()));
  const fs::path file = subject.folder / "measured" / (settings + ".json");
  std::vector<RunResult> out;
  try {
    const KeptJson kept = fs::exists(file) ? KeptJson::parse(read_file(file)) : KeptJson();
    if (!kept.is_null() && kept.at("key") == key) {
      for (const KeptJson& row : kept.at("rows"))
        out.push_back(from_kept(row, out.empty() ? subject.facts : without_model(subject.facts, row.at("run")),
                                subject, config));
      log_info(subject.facts.run + ": measured before, " + file.string());
      return out;
    }
  } catch (const std::exception& error) {  // of the reader or the JSON library
    log_warning(file.string() + ": " + error.what() + "; measured again");
  }
  out = measure_run(bench, config, with_floors);
  try {
    KeptJson kept{{"key", key}, {"rows", KeptJson::array()}};
    for (const RunResult& row : out) kept["rows"].push_back(to_kept(row));
    make_folder(file.parent_path());
    write_file(file, kept.dump() + "\n");
  } catch (const Error& error) {
    log_warning(std::string(error.what()) + "; these measurements are not kept");
  }
  return out;
}

}  // namespace nr
