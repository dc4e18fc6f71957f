// Line plots and labelled pictures as SVG: readable axes, units, no script.
#pragma once
#include <string>
#include <vector>

#include "report/html.h"

namespace nr::report {

struct Axis {
  std::string label = "";  // the unit: "Hz"
  double low = 0, high = 1;
  bool logarithmic = false;  // low > 0
};
// About `wanted` round values inside the axis: 0.5, 1, 1.5; on a logarithmic one 100, 200, 500.
std::vector<double> ticks(const Axis& axis, int wanted);
std::string tick_text(double value);
// 0 at the low end, 1 at the high.
double position(const Axis& axis, double value);
// A little room around all finite values; a unit's width around a constant.
Axis axis_around(const std::vector<double>& values, const std::string& label, bool logarithmic = false);

struct Series {
  std::string style;         // a class of the page's style: "asked", "measured", "source"
  std::vector<double> x, y;  // a non-finite value breaks the line
};
struct Span {
  double from, to;
};
struct LinePlot {
  std::string title = "", note = "";
  Axis x, y;
  std::vector<Series> series;
  std::vector<Span> shaded;  // along x: silence
  int width = 340, height = 170;
};
Markup line_plot(const LinePlot& plot);

struct PicturePlot {
  std::string title = "";
  std::vector<unsigned char> png;
  Axis x, y;                                            // the picture's edges
  std::vector<std::pair<double, std::string>> y_ticks;  // at 0 (bottom) ... 1 (top); empty: from the axis
  int width = 340, height = 170;
};
Markup picture_plot(const PicturePlot& plot);

Markup audio_player(const std::vector<unsigned char>& wav);

}  // namespace nr::report
