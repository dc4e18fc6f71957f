// The table and the page of synthesizer inference.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "evaluation/page.h"
#include "evaluation/sound_card.h"
#include "evaluation/synthesizer.h"
#include "evaluation/table.h"
#include "models/synthesizer.h"
#include "report/plot.h"

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

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double v : values)
    if (std::isfinite(v)) out.push_back(v);
  return out;
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

Markup macros_of(const std::vector<MacroControl>& macros, const std::string& run, int rate) {
  Markup out;
  for (const MacroControl& macro : macros) {
    Markup plots, cards;
    for (size_t k = 0; k < macro.parameters.size(); ++k) {
      report::LinePlot plot;
      plot.title = macro.parameters[k];
      plot.x = {"latent", macro.latent.front(), macro.latent.back()};
      plot.y = {"position", 0, 1};
      plot.series.push_back({"measured", macro.latent, macro.curves[k]});
      plot.width = 240, plot.height = 150;
      plots += report::line_plot(plot);
    }
    double top = -100;
    for (const auto& [place, sound] : macro.sounds)
      if (!sound.empty()) top = std::max(top, brightest(sound, rate));
    for (const auto& [place, sound] : macro.sounds) cards += sound_card("At " + fixed_text(place, 0), sound, rate, top);
    out += element("h3", {}, run + ", dimension " + std::to_string(macro.dimension) + ": moves the parameters by " +
                                 fixed_text(macro.movement, 3) + " on average") +
           element("div", {{"class", "curves"}}, plots) + element("div", {{"class", "cards"}}, cards);
  }
  return out.text.empty() ? out : element("h2", {}, "Macro-controls: one latent dimension, the others at 0") + out;
}

}  // namespace

std::string deviations_table(const std::vector<RunResult>& results) {
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
  return out.str();
}

std::string synthesizer_page(const std::vector<RunResult>& results, const std::vector<SynthesizerExample>& examples,
                             const std::vector<std::vector<MacroControl>>& macros, const SynthParameters& columns,
                             const std::vector<std::filesystem::path>& folders, const EvaluationConfig& config) {
  const std::string title = results[0].facts.run;
  Markup body = element(
      "header", {},
      element("h1", {}, title) +
          element("p", {{"class", "lead"}},
                  "From a sound to the " + std::to_string(columns.size()) +
                      " parameters of a synthesizer that plays it: the sounds are of presets that no model was trained "
                      "on. Each is inferred, rendered again by the synthesizer and compared with the original."));
  body += model_section(results) + numbers_section(results, config);
  for (size_t i = 0; i < examples.size(); ++i)
    body += example_of(examples[i], columns, int(i) + 1, results[0].facts.sample_rate);
  for (size_t i = 0; i < macros.size(); ++i)
    body += macros_of(macros[i], folders[i].filename().string(), results[0].facts.sample_rate);
  std::vector<TrainingCurves> training;
  for (size_t i = 0; i < folders.size(); ++i)
    training.push_back({results[i].facts.run, read_journal(folders[i] / "journal.jsonl")});
  body += training_section(training);
  for (const RunResult& run : results) body += every_number(run);
  return report::page(title, body);
}

}  // namespace nr
