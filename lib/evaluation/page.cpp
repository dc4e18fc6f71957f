#include "evaluation/page.h"

#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "report/plot.h"

namespace nr {

using report::element;
using report::Markup;

Markup training_section(const std::vector<TrainingCurves>& training) {
  Markup out;
  for (const TrainingCurves& run : training) {
    Markup plots;
    for (const JournalCurve& whole : run.curves) {
      const JournalCurve curve = thinned(whole, 300);
      if (curve.steps.size() < 2) continue;
      double low = INFINITY, high = -INFINITY;
      for (const double v : curve.values)
        if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
      report::LinePlot plot;
      plot.title = curve.name;
      plot.x = {"step", curve.steps.front(), curve.steps.back()};
      plot.y = report::axis_around(curve.values, "", low > 0 && high / low > 30);
      plot.series.push_back({"measured", curve.steps, curve.values});
      plot.width = 300, plot.height = 150;
      plots += report::line_plot(plot);
    }
    if (plots.text.empty()) continue;
    if (training.size() > 1) out += element("h3", {}, run.run);
    out += element("div", {{"class", "curves"}}, plots);
  }
  return out.text.empty() ? out : element("h2", {}, "Training") + out;
}

std::string to_page(const std::vector<RunResult>& runs, const std::vector<Example>& examples, const std::vector<TrainingCurves>& training,
                    const EvaluationConfig& config) {
  std::vector<std::string> names;
  for (const RunResult& run : runs) names.push_back(run.facts.run);
  const std::string title = join(names, " · ");
  const ModelFacts& first = runs[0].facts;
  const std::string lead = runs.size() > 1 ? std::to_string(runs.size()) + " models on unseen recordings: how well they rebuild a sound, and how well their knobs steer it."
                           : first.controls.empty()
                               ? "How well this " + first.type + " model rebuilds recordings it has not heard."
                               : "How well this " + first.type + " model rebuilds recordings it has not heard, and how well its " +
                                     std::to_string(first.controls.size()) + (first.controls.size() == 1 ? " knob steers" : " knobs steer") + " the sound.";
  Markup body = element("header", {}, element("h1", {}, title) + element("p", {{"class", "lead"}}, lead));
  body += model_section(runs) + numbers_section(runs, config);
  for (const RunResult& run : runs) body += control_section(run);
  for (const RunResult& run : runs) body += every_number(run);
  const double seconds = audible_seconds(examples);
  for (size_t i = 0; i < examples.size(); ++i) body += example_section(examples[i], static_cast<int>(i) + 1, seconds);
  for (const Example& example : examples) body += sweep_section(example, seconds);
  body += training_section(training);
  body += element("footer", {},
                  "Control is measured on sounding frames only: the asked level within 35 dB of its maximum and above −55 dB; a curve counts with at least 8 such "
                  "frames and a deviation above 3 % of its knob’s range. Curves are compared in decibels and octaves, after the model’s delay is taken out.");
  return report::page(title, body);
}

}  // namespace nr
