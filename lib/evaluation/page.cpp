#include "evaluation/page.h"

#include <algorithm>
#include <cmath>

#include "report/plot.h"

namespace nr {

using report::element;
using report::Markup;

Markup training_section(const std::vector<TrainingCurves>& training) {
  Markup out;
  for (const TrainingCurves& run : training) {
    Markup plots;
    for (const JournalCurve& whole : run.curves) {
      if (whole.name.rfind("latent/kl_", 0) == 0) continue;  // one for each dimension: too many plots
      const JournalCurve curve = thinned(whole, 300);
      if (curve.steps.size() < 2) continue;
      double low = INFINITY, high = -INFINITY;
      for (const double v : curve.values)
        if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
      report::LinePlot plot;
      plot.title = curve.name;
      plot.x = {"steps", curve.steps.front(), curve.steps.back()};
      plot.y = report::axis_around(curve.values, "", low > 0 && high / low > 30);
      plot.series.push_back({"measured", curve.steps, curve.values});
      plot.width = 340, plot.height = 160;
      plots += report::line_plot(plot);
    }
    if (plots.text.empty()) continue;
    if (training.size() > 1) out += element("h3", {}, run.run);
    out += element("div", {{"class", "curves"}}, plots);
  }
  return out.text.empty() ? out : element("h2", {}, "Training") + out;
}

namespace {

std::string lead_text(const std::vector<RunResult>& runs) {
  if (runs.size() > 1)
    return std::to_string(runs.size()) +
           " models on recordings that none of them was trained on: how well they reconstruct a sound, and how well "
           "their controls steer it.";
  const ModelFacts& model = runs[0].facts;
  const std::string opening =
      "How well this " + model.type + " model reconstructs recordings that it was not trained on";
  std::string tuning;
  if (const ResultRow* tuned = runs[0].find("in_tune"); tuned && !std::isnan(tuned->summary.mean))
    tuning = " It plays the original’s notes in " + fixed_text(100 * tuned->summary.mean, 0) +
             " % of the frames that have one.";
  const ResultRow *all = runs[0].find("control_pearson_all"), *one = runs[0].find("control_pearson_one");
  if (!all || !one) return opening + "." + tuning;
  const bool by_clip = std::isnan(all->summary.mean);  // one latent a note has no curve to follow
  if (by_clip) all = runs[0].find("control_pearson_all_clips"), one = runs[0].find("control_pearson_one_clips");
  const size_t controls = model.controls.size();
  return opening + ", and how well its " + std::to_string(controls) +
         (controls == 1 ? " control steers" : " controls steer") +
         " the sound. Asked and measured curves correlate with " + fixed_text(all->summary.mean, 2) +
         " when all controls are exchanged and with " + fixed_text(one->summary.mean, 2) + " when one is" +
         (by_clip ? ", across clips." : ".") + tuning;
}

}  // namespace

std::string to_page(const std::vector<RunResult>& runs, const std::vector<Example>& examples,
                    const std::vector<TrainingCurves>& training, const Markup& latents,
                    const EvaluationConfig& config) {
  std::vector<RunResult> models;
  for (const RunResult& run : runs)
    if (has_model(run.facts)) models.push_back(run);
  const std::string first = models[0].facts.run;
  const std::string title = models.size() == 1   ? first
                            : models.size() == 2 ? first + " and " + models[1].facts.run
                                                 : first + " and " + std::to_string(models.size() - 1) + " others";
  Markup body = element("header", {}, element("h1", {}, title) + element("p", {{"class", "lead"}}, lead_text(models)));
  body += model_section(models) + numbers_section(runs, config);
  for (const RunResult& run : runs) body += control_section(run);
  for (const RunResult& run : runs) body += every_number(run);
  const double seconds = audible_seconds(examples);
  for (size_t i = 0; i < examples.size(); ++i) body += example_section(examples[i], static_cast<int>(i) + 1, seconds);
  for (const Example& example : examples) body += sweep_section(example, seconds) + played_section(example);
  body += latents + training_section(training);
  body +=
      element("footer", {},
              "Control is measured on sounding frames only: where the asked level is within 35 dB of its maximum and "
              "above −55 dB. A curve counts with at least 8 such frames and a standard deviation above 3 % of its "
              "control’s range. Curves are compared in decibels and octaves after the model’s delay is taken out. A "
              "position is −1 at the low end of a control’s range and 1 at its high end.");
  return report::page(title, body);
}

}  // namespace nr
