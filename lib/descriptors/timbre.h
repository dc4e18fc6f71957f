// Timbral descriptors of one frame, independent of the frames before it. NaN for a silent frame.
#pragma once
#include <array>

#include "descriptors/extractor.h"

namespace nr {

float sharpness(const Frame&);       // acum, DIN 45692 over the specific loudness of ISO 532-1
float booming(const Frame&);         // booming index (Hatano and Hashimoto 2000), weighted as in AudioCommons
float warmth(const Frame&);          // share of the specific loudness below 5 Bark (510 Hz)
float brightness(const Frame&);      // share of the energy above 1500 Hz (Juslin 2000)
float zero_crossings(const Frame&);  // sign changes a sample, as librosa counts them; 0 for silence

// Of the specific loudness at 0.1, 0.2, ... 24 Bark.
const std::array<double, 240>& sharpness_weights();
const std::array<double, 240>& booming_weights();
constexpr int kBelow280Hz = 27, kBelow510Hz = 50;  // of the 240

}  // namespace nr
