// The page of models with knobs: each knob from end to end, and examples to hear.
#include <algorithm>

#include "evaluation/knobs.h"
#include "evaluation/sound_card.h"
#include "report/plot.h"

namespace nr {
namespace {

using report::element;
using report::Markup;

Markup curve_plot(const KnobCurve& curve) {
  report::LinePlot plot;
  plot.title = curve.run + ": " + curve.part;
  plot.series = {{"asked", curve.knob, curve.wanted}, {"measured", curve.knob, curve.made}};
  std::vector<double> all = curve.wanted;
  all.insert(all.end(), curve.made.begin(), curve.made.end());
  plot.x = report::axis_around(curve.knob, curve.unit == "1" ? "" : curve.unit);
  plot.y = report::axis_around(all, "dB");
  return report::line_plot(plot);
}

}  // namespace

std::string knobs_page(const std::vector<RunResult>& results, const std::vector<KnobCurve>& curves,
                       const std::vector<std::vector<std::vector<float>>>& heard,
                       const std::vector<TrainingCurves>& training, const EvaluationConfig& config) {
  const ModelFacts& facts = results[0].facts;
  Markup plots;
  for (const KnobCurve& curve : curves) plots += curve_plot(curve);
  Markup body =
      element("header", {},
              element("h1", {}, facts.run) +
                  element("p", {{"class", "lead"}},
                          "Test recordings through the model and through the true effect, at the same knobs.")) +
      model_section(results) + numbers_section(results, config) + element("h2", {}, "Each knob from end to end") +
      element("p", {{"class", "note"}},
              "Harmonics over the fundamental, the mean of " + std::to_string(curves.empty() ? 0 : curves[0].tones) +
                  " tones with the notes' pitches and peaks. Dashed: the true effect. Full: the model.") +
      element("div", {{"class", "cards"}}, plots);
  for (size_t e = 0; e < heard.size(); ++e) {
    const size_t wanted = results.size() - kRowsWithoutModel;
    const double top = brightest(heard[e][wanted], facts.sample_rate);
    Markup cards;
    for (size_t r = 0; r < results.size(); ++r)
      cards += sound_card(results[r].facts.run, heard[e][r], facts.sample_rate, top);
    body += element("h2", {}, results[0].clips[e]) + element("div", {{"class", "cards"}}, cards);
  }
  body += training_section(training);
  for (const RunResult& run : results) body += every_number(run);
  return report::page(facts.run, body);
}

}  // namespace nr
