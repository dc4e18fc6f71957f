// Analysis windows, in double precision.
#pragma once
#include <vector>

namespace nr {

std::vector<double> hann_window(int size);  // periodic: sums to a constant at hops that divide size / 2
std::vector<double> kaiser_window(int size, double beta);  // symmetric

}  // namespace nr
