// A matrix as a small PNG in the colours of a spectrogram. libpng stays behind picture.cpp.
#pragma once
#include <array>
#include <vector>

namespace nr::report {

// Dark to bright for 0 ... 1, lightness rising evenly.
std::array<unsigned char, 3> heat(double level);

// values [columns][rows] as they come from an analysis (time, then frequency); low and high are the ends of the
// colours. The first row is drawn at the bottom. One pixel a value; an indexed PNG.
std::vector<unsigned char> heat_png(const std::vector<float>& values, int columns, int rows, double low, double high);

}  // namespace nr::report
