// Points in space that the reader turns with the mouse or a finger, coloured by one of several groups of classes.
#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "report/html.h"

namespace nr::report {

struct Colouring {
  std::string name;                // "octave"
  std::vector<std::string> names;  // of the classes
  std::vector<int> classes;        // of each point
};
// A third number of 0 everywhere makes it a plane, which does not turn.
using Points = std::vector<std::array<double, 3>>;
struct Scatter {
  std::string title = "", note = "";
  Points points;
  std::vector<std::string> labels;    // of the points, shown under the pointer
  std::vector<Colouring> colourings;  // at least one
  // Where the same points lay before, in order, and what each time is called: a slider goes through them to `points`.
  std::vector<std::pair<std::string, Points>> before = {};
  std::string now = "";  // what the time of `points` is called
};
Markup scatter_plot(const Scatter& scatter);
// What makes the plots of a page move: once, behind the last of them. sounds: WAVs of the points, the same in every
// plot, of which a click plays one; there may be fewer than points.
Markup scatter_script(const std::vector<std::vector<unsigned char>>& sounds = {});

}  // namespace nr::report
