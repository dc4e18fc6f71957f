#include "evaluation/latent_page.h"

#include <algorithm>
#include <cmath>

#include "descriptors/descriptor.h"
#include "evaluation/results.h"
#include "evaluation/sound_card.h"
#include "evaluation/statistics.h"
#include "report/chooser.h"
#include "report/plot.h"

namespace nr {

using report::element;
using report::Markup;

namespace {

double loudest(const std::vector<std::vector<float>>& sounds, int rate) {
  double top = -100;
  for (const auto& sound : sounds)
    if (!sound.empty()) top = std::max(top, brightest(sound, rate));
  return top;
}

// Positions of parameters along a line, a colour each.
Markup parameter_curves(const std::string& title, const report::Axis& x, const std::vector<double>& places,
                        const std::vector<std::string>& names, const std::vector<std::vector<double>>& curves) {
  report::LinePlot plot;
  plot.title = title;
  plot.x = x;
  plot.y = {"", 0, 1};
  Markup legend;
  for (size_t k = 0; k < names.size(); ++k) {
    const std::string style = "line" + std::to_string(k);
    plot.series.push_back({style, places, curves[k]});
    legend += element("span", {{"class", style}}, names[k]);
  }
  return element("div", {}, report::line_plot(plot) + element("div", {{"class", "legend"}}, legend));
}

Markup control_curves(const MacroControl& control, const std::string& title) {
  return parameter_curves(title, {"deviations", control.places.front(), control.places.back()}, control.places,
                          control.parameters, control.curves);
}

// A slider over the sounds of a line, then `beside` it, and the descriptors along it.
Markup line_cards(const HeardLine& line, const std::string& title, const report::Axis& x, int decimals, int rate,
                  const Markup& beside = {}) {
  const double top = loudest(line.sounds, rate);
  std::vector<report::Choice> choices;
  for (size_t i = 0; i < line.sounds.size(); ++i)
    choices.push_back({fixed_text(line.places[i], decimals), sound_figure("", line.sounds[i], rate, top)});
  Markup out = report::chooser(title, choices, choices.size() / 2) + beside;
  for (const auto& [name, values] : line.descriptors) {
    const Warp warp = descriptors().at(name).warp;
    const std::string unit = warp == Warp::kDecibel ? "dB" : warp == Warp::kOctave ? "Hz" : "";
    std::vector<double> shown = values;
    if (warp == Warp::kOctave)
      for (double& v : shown) v = unwarp(warp, v);
    report::LinePlot plot;
    plot.title = name;
    plot.x = x;
    plot.y = report::axis_around(shown, unit, warp == Warp::kOctave);
    plot.series.push_back({"measured", line.places, shown});
    plot.height = 130;
    out += report::line_plot(plot);
  }
  return out;
}

Markup ranking(const LatentStudy& study) {
  report::DataTable table{{{"Direction"}, {"Moves the parameters by", "mean deviation of positions", true},
                           {"Variance", "of the latent", true}, {"Most"}}, {}};
  for (const MacroControl& c : study.components) {
    std::string most;
    for (size_t k = 0; k < std::min<size_t>(3, c.parameters.size()); ++k) most += (k ? ", " : "") + c.parameters[k];
    table.rows.push_back({{c.name}, {fixed_text(c.direction.movement, 3), "", true},
                          {fixed_text(100 * c.direction.share, 1) + " %", "", true}, {most}});
  }
  return element("details", {}, element("summary", {}, "Every principal component, ranked by what it moves") +
                                    report::table(table));
}

Markup macro_section(const LatentStudy& study, int rate) {
  Markup out = element("h3", {}, "Macro-controls");
  out += element("p", {{"class", "note"}},
                 "One direction of the latent at a time, from −4 to 4 deviations around the mean of training sounds. "
                 "The principal components that move the parameters most come first.");
  const report::Axis x{"deviations", -4, 4};
  for (size_t i = 0; i < study.heard.size(); ++i) {
    const MacroControl& c = study.components[i];
    const std::string title = c.name + ": moves positions of parameters by " + fixed_text(c.direction.movement, 3);
    out += element("div", {{"class", "curves"}},
                   line_cards(study.heard[i], c.name, x, 1, rate, control_curves(c, title)));
  }
  for (size_t i = 0; i < study.heard_on.size(); ++i)
    out += element("h4", {}, study.components[0].name + ", on the test sound " + study.heard_names[i]) +
           element("div", {{"class", "curves"}}, line_cards(study.heard_on[i], study.components[0].name, x, 1, rate));
  Markup curves;
  for (const MacroControl& c : study.dimensions)
    curves += control_curves(c, c.name + ": " + fixed_text(c.direction.movement, 3));
  return out + ranking(study) +
         element("details", {}, element("summary", {}, "Every dimension, and the five parameters that it moves most") +
                                    element("div", {{"class", "curves"}}, curves));
}

Markup interpolation_section(const Interpolation& pair, int rate) {
  Markup out = element("h4", {}, "From " + pair.from + " to " + pair.to);
  const report::Axis x{"share", 0, 1};
  out += element("div", {{"class", "curves"}},
                 line_cards(pair.line, "share", x, 2, rate,
                            parameter_curves("Positions of parameters between them", x, pair.places, pair.parameters,
                                             pair.curves)));
  Markup cards;
  const double top = std::max(loudest(pair.near_from, rate), loudest(pair.near_to, rate));
  for (const auto& sound : pair.near_from) cards += sound_card("Near the first", sound, rate, top);
  for (const auto& sound : pair.near_to) cards += sound_card("Near the second", sound, rate, top);
  return out + element("details", {}, element("summary", {}, "The neighbourhood of each: moved by 0.1 deviations") +
                                          element("div", {{"class", "cards"}}, cards));
}

// Points as lines of no length: round caps make them dots.
Markup scatter(const std::string& title, const std::vector<TaggedPoint>& points) {
  report::LinePlot plot;
  plot.title = title;
  std::vector<double> xs, ys;
  for (const TaggedPoint& p : points) xs.push_back(p.x), ys.push_back(p.y);
  plot.x = report::axis_around(xs, ""), plot.y = report::axis_around(ys, "");
  for (const int tag : {0, -1, 1}) {
    report::Series dots{tag == 0 ? "dots source" : tag < 0 ? "dots measured" : "dots asked", {}, {}};
    for (const TaggedPoint& p : points)
      if (p.tag == tag)
        for (const double gap : {0.0, 0.0, std::nan("")}) dots.x.push_back(p.x + gap), dots.y.push_back(p.y);
    plot.series.push_back(dots);
  }
  plot.height = 240;
  return report::line_plot(plot);
}

Markup semantic_section(const SemanticDimension& s, int rate) {
  const report::Axis x{"deviations", -4, 4};
  Markup inside = scatter("Before: AUC " + fixed_text(s.auc_before, 2), s.before) +
                  scatter("Its dimension, " + std::to_string(s.dimension) + ": AUC " + fixed_text(s.auc, 2), s.after);
  if (!s.line.sounds.empty()) inside += line_cards(s.line, s.tag, x, 1, rate);
  const std::string moves = s.control.name + ": moves the parameters by " + fixed_text(s.control.direction.movement, 3);
  inside += control_curves(s.control, moves);
  const std::string found = finite(s.spearman).empty()
                                ? ""
                                : "Along it, " + s.tag + " in the rendered note follows with Spearman " +
                                      fixed_text(median(finite(s.spearman)), 2) + " (median of " +
                                      std::to_string(s.spearman.size()) + " sounds).";
  return element("h4", {}, s.tag) + element("p", {{"class", "note"}}, found) +
         element("div", {{"class", "legend"}}, element("span", {{"class", "measured"}}, "tag −1") +
                                                   element("span", {{"class", "asked"}}, "tag 1") +
                                                   element("span", {{"class", "source"}}, "unknown")) +
         element("div", {{"class", "curves"}}, inside);
}

}  // namespace

Markup latent_section(const std::string& run, const LatentStudy& study, int rate) {
  if (study.dimensions.empty()) return {};
  Markup out = element("h2", {}, "The latent of " + run) + macro_section(study, rate);
  if (!study.semantic.empty()) out += element("h3", {}, "Semantic dimensions: test sounds and their tags");
  for (const SemanticDimension& s : study.semantic) out += semantic_section(s, rate);
  if (!study.interpolations.empty()) out += element("h3", {}, "Between two test sounds");
  for (const Interpolation& pair : study.interpolations) out += interpolation_section(pair, rate);
  return out;
}

}  // namespace nr
