// Sharpness, warmth and booming of timbre.h with their exact slopes by the third-octave levels, for training.
#pragma once
#include <string>

#include "descriptors/zwicker.h"

namespace nr {

struct TimbreSlopes {
  double value = 0;
  std::array<double, 28> slope{};  // a decibel
};

// Named as the descriptor. False where it is not defined: nothing can be heard. Error for another name.
bool timbre_slopes(const std::string& name, const ThirdOctaveLevels& levels, TimbreSlopes& out);

}  // namespace nr
