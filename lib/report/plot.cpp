#include "report/plot.h"

#include <cmath>
#include <cstdio>

namespace nr::report {
namespace {

std::string fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string out = text;
  return out.size() > 2 && out.substr(out.size() - 2) == ".0" ? out.substr(0, out.size() - 2) : out;
}

struct Canvas {
  int width, height;
  double left = 42, right = 10, top = 20, bottom = 22;
  double x(double share) const { return left + share * (width - left - right); }
  double y(double share) const { return height - bottom - share * (height - top - bottom); }
};

Markup line(double x1, double y1, double x2, double y2, const std::string& style) {
  return lone("line", {{"x1", fixed(x1)}, {"y1", fixed(y1)}, {"x2", fixed(x2)}, {"y2", fixed(y2)}, {"class", style}});
}

Markup label(double x, double y, const std::string& anchor, const std::string& text, const std::string& style = "") {
  Attributes attributes{{"x", fixed(x)}, {"y", fixed(y)}, {"text-anchor", anchor}};
  if (!style.empty()) attributes.push_back({"class", style});
  return element("text", attributes, text);
}

// The unit stands behind the last number.
Markup x_axis(const Canvas& c, const Axis& axis) {
  Markup out;
  const std::vector<double> at = ticks(axis, 5);
  for (const double tick : at) {
    const double x = c.x(position(axis, tick));
    const bool last = tick == at.back();
    const std::string text = tick_text(tick) + (last && !axis.label.empty() ? " " + axis.label : "");
    out += line(x, c.y(0), x, c.y(0) + 4, "frame") +
           label(std::min(x, c.x(1) - (last ? 8. : 0.)), c.y(0) + 16, "middle", text);
  }
  return out;
}

Markup y_axis(const Canvas& c, const std::vector<std::pair<double, std::string>>& at, const std::string& style) {
  Markup out;
  for (const auto& [share, text] : at) {
    const double y = c.y(share);
    out += style == "grid" ? line(c.x(0), y, c.x(1), y, "grid") : line(c.x(0) - 4, y, c.x(0), y, "frame");
    out += label(c.x(0) - 7, y + 3.5, "end", text);
  }
  return out;
}

std::vector<std::pair<double, std::string>> tick_labels(const Axis& axis, int wanted) {
  std::vector<std::pair<double, std::string>> out;
  for (const double tick : ticks(axis, wanted)) out.push_back({position(axis, tick), tick_text(tick)});
  return out;
}

Markup heading(const Canvas& c, const std::string& title, const std::string& note) {
  return (title.empty() ? Markup{} : label(0, 11, "start", title, "title")) + label(c.x(1), 11, "end", note);
}

std::string path_of(const Series& series, const Axis& x, const Axis& y, const Canvas& c) {
  std::string out;
  bool drawing = false;
  for (size_t i = 0; i < series.x.size(); ++i) {
    const bool defined =
        std::isfinite(series.x[i]) && std::isfinite(series.y[i]) && (!y.logarithmic || series.y[i] > 0);
    if (!defined) {
      drawing = false;
      continue;
    }
    const double height = std::min(1.0, std::max(0.0, position(y, series.y[i])));
    out += (drawing ? "L" : "M") + fixed(c.x(position(x, series.x[i]))) + " " + fixed(c.y(height));
    drawing = true;
  }
  return out;
}

Markup svg(const Canvas& c, const std::string& title, const Markup& inside) {
  return element("svg",
                 {{"viewBox", "0 0 " + std::to_string(c.width) + " " + std::to_string(c.height)},
                  {"role", "img"},
                  {"aria-label", title}},
                 inside);
}

}  // namespace

Markup line_plot(const LinePlot& plot) {
  const Canvas c{plot.width, plot.height};
  Markup out = heading(c, plot.title, plot.note.empty() ? plot.y.label : plot.note + " · " + plot.y.label);
  for (const Span& span : plot.shaded) {
    const double from = c.x(position(plot.x, span.from)), to = c.x(position(plot.x, span.to));
    out += lone("rect", {{"x", fixed(from)},
                         {"y", fixed(c.y(1))},
                         {"width", fixed(to - from)},
                         {"height", fixed(c.y(0) - c.y(1))},
                         {"class", "silent"}});
  }
  out += y_axis(c, tick_labels(plot.y, 4), "grid") + line(c.x(0), c.y(0), c.x(1), c.y(0), "frame") + x_axis(c, plot.x);
  for (const Series& series : plot.series)
    out += lone("path", {{"d", path_of(series, plot.x, plot.y, c)}, {"class", "series " + series.style}});
  return svg(c, plot.title, out);
}

Markup picture_plot(const PicturePlot& plot) {
  const Canvas c{plot.width, plot.height};
  Markup out = heading(c, plot.title, plot.y.label);
  out += lone("image", {{"x", fixed(c.x(0))},
                        {"y", fixed(c.y(1))},
                        {"width", fixed(c.x(1) - c.x(0))},
                        {"height", fixed(c.y(0) - c.y(1))},
                        {"preserveAspectRatio", "none"},
                        {"href", data_uri("image/png", plot.png)}});
  out += y_axis(c, plot.y_ticks.empty() ? tick_labels(plot.y, 4) : plot.y_ticks, "frame") + x_axis(c, plot.x);
  return svg(c, plot.title, out);
}

Markup audio_player(const std::vector<unsigned char>& wav) {
  return element("audio", {{"controls", ""}, {"preload", "metadata"}, {"src", data_uri("audio/wav", wav)}}, "");
}

}  // namespace nr::report
