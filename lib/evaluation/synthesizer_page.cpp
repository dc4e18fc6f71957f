// The table and the page of synthesizer inference.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "evaluation/latent_page.h"
#include "evaluation/page.h"
#include "evaluation/sound_card.h"
#include "evaluation/synthesizer.h"
#include "evaluation/table.h"
#include "models/synthesizer.h"

namespace nr {

using report::Cell;
using report::DataTable;
using report::element;
using report::Markup;

namespace {

const std::vector<const char*>& shown_metrics() {
  static const std::vector<const char*> names{"parameter_mse_n", "resynthesis_sc",    "resynthesis_mse",
                                              "resynthesis_lm",  "resynthesis_mss",   "resynthesis_wmfcc",
                                              "resynthesis_sot", "resynthesis_rms"};
  return names;
}

// Mean of the values between the lowest and the highest tenth.
double trimmed_mean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t cut = values.size() / 10;
  return mean({values.begin() + long(cut), values.end() - long(cut)});
}

std::string value_text(const SynthParameter& p, float position) {
  if (std::isnan(position)) return "–";
  const double value = p.value(position);
  if (p.kind == SynthParameter::Kind::kChoice) return p.choices.at(size_t(p.level(value)));
  return number_text(value);
}

Markup parameters_of(const SynthesizerExample& example, const SynthParameters& columns) {
  DataTable table{{{"Parameter"}, {"Original", "", true}}, {}};
  for (const Resynthesised& row : example.rows) table.head.push_back({row.row, "", true});
  for (size_t p = 0; p < columns.size(); ++p) {
    std::vector<Cell> cells{{columns[p].name, columns[p].unit},
                            {value_text(columns[p], example.positions[p]), "", true}};
    for (const Resynthesised& row : example.rows) cells.push_back({value_text(columns[p], row.positions[p]), "", true});
    table.rows.push_back(cells);
  }
  return element("details", {}, element("summary", {}, "Its parameters") + report::table(table));
}

Markup example_of(const SynthesizerExample& example, const SynthParameters& columns, int index, int rate) {
  const double top = brightest(example.original, rate);
  Markup cards = sound_card("Original", example.original, rate, top);
  for (const Resynthesised& row : example.rows) cards += sound_card(row.row, row.samples, rate, top);
  return element("h2", {}, "Example " + std::to_string(index) + ": " + example.clip) +
         element("div", {{"class", "cards"}}, cards) + parameters_of(example, columns);
}

// Medians of the measures of sound over those of the first row, sound by sound.
std::string medians_table(const std::vector<RunResult>& results, const EvaluationConfig& config) {
  const std::vector<const char*> names{"resynthesis_sc", "resynthesis_mss", "resynthesis_wmfcc", "resynthesis_sot"};
  std::ostringstream out;
  out << "Median over that of " << results[0].facts.run
      << ", with the 95 % interval of a paired bootstrap over the sounds.\n\n| row |";
  for (const char* name : names) out << ' ' << metrics().at(name).brief << " |";
  out << "\n|---|---:|---:|---:|---:|\n";
  for (size_t r = 1; r < results.size(); ++r) {
    out << "| " << results[r].facts.run << " |";
    for (const char* name : names) {
      const MedianRatio found = median_ratio(results[0].find(name)->values, results[r].find(name)->values,
                                             config.bootstrap, uint64_t(config.seed));
      out << ' ' << number_text(found.ratio) << " [" << number_text(found.low) << ", " << number_text(found.high)
          << "] |";
    }
    out << "\n";
  }
  out << "\n";
  return out.str();
}

}  // namespace

std::string deviations_table(const std::vector<RunResult>& results, const EvaluationConfig& config) {
  std::ostringstream out;
  out << "Mean ± standard deviation over test sounds, (median, mean without the outer tenths); "
      << results[0].clips.size() << " sounds.\n\n| row |";
  for (const char* name : shown_metrics()) out << ' ' << metrics().at(name).brief << " |";
  out << "\n|---|";
  for (size_t i = 0; i < shown_metrics().size(); ++i) out << "---:|";
  for (const RunResult& run : results) {
    out << "\n| " << run.facts.run << " |";
    for (const char* name : shown_metrics()) {
      const ResultRow* row = run.find(name);
      const std::vector<double> values = row ? finite(row->values) : std::vector<double>{};
      out << ' ' << number_text(mean(values)) << " ± " << number_text(deviation(values)) << " ("
          << number_text(median(values)) << ", " << number_text(trimmed_mean(values)) << ") |";
    }
  }
  std::vector<const RunResult*> models;
  for (const RunResult& run : results)
    if (run.facts.type == SynthesizerConfig::kType) models.push_back(&run);
  if (models.size() > 1) {
    out << "\n| F, p of " << models.size() << " models |";
    for (const char* name : shown_metrics()) {
      std::vector<std::vector<double>> groups;
      for (const RunResult* run : models)
        if (const ResultRow* row = run->find(name)) groups.push_back(row->values);
      const Anova found = anova(groups);
      out << ' ' << number_text(found.f) << ", " << number_text(found.p) << " |";
    }
  }
  out << "\n\n";
  return out.str() + medians_table(results, config);
}

std::string sources_table(const std::vector<RunResult>& results) {
  std::vector<const ResultRow*> parts;
  for (const ResultRow& row : results[0].rows)
    if (row.metric == "resynthesis_sc" && !row.part.empty()) parts.push_back(&row);
  if (parts.empty()) return "";
  std::ostringstream out;
  out << "Medians by folder of recordings: " << metrics().at("resynthesis_sc").brief << " / "
      << metrics().at("resynthesis_mss").brief << "\n\n| row |";
  for (const ResultRow* part : parts) out << ' ' << part->part << ", " << finite(part->values).size() << " sounds |";
  out << "\n|---|";
  for (size_t i = 0; i < parts.size(); ++i) out << "---:|";
  for (const RunResult& run : results) {
    out << "\n| " << run.facts.run << " |";
    for (const ResultRow* part : parts)
      out << ' ' << number_text(run.find("resynthesis_sc", part->part)->summary.median) << " / "
          << number_text(run.find("resynthesis_mss", part->part)->summary.median) << " |";
  }
  out << "\n\n";
  return out.str();
}

std::string synthesizer_page(const std::vector<RunResult>& results, const std::vector<SynthesizerExample>& examples,
                             const std::vector<std::pair<std::string, LatentStudy>>& latents,
                             const SynthParameters& columns,
                             const std::vector<std::filesystem::path>& folders, const EvaluationConfig& config) {
  const std::string title = results[0].facts.run;
  Markup body = element(
      "header", {},
      element("h1", {}, title) +
          element("p", {{"class", "lead"}},
                  "From a sound to the " + std::to_string(columns.size()) +
                      " parameters of a synthesizer that plays it: the sounds are " +
                      (config.recordings.empty() ? "of presets that no model was trained on"
                                                 : "recordings of something else than this synthesizer") +
                      ". Each is inferred, rendered by the synthesizer and compared with the original."));
  body += model_section(results) + numbers_section(results, config);
  for (size_t i = 0; i < examples.size(); ++i)
    body += example_of(examples[i], columns, int(i) + 1, results[0].facts.sample_rate);
  for (const auto& [run, study] : latents) body += latent_section(run, study, results[0].facts.sample_rate);
  std::vector<TrainingCurves> training;
  for (size_t i = 0; i < folders.size(); ++i)
    training.push_back({results[i].facts.run, read_journal(folders[i] / "journal.jsonl")});
  body += training_section(training);
  for (const RunResult& run : results) body += every_number(run);
  return report::page(title, body);
}

}  // namespace nr
