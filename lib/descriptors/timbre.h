// Timbral descriptors of one frame, independent of the frames before it. NaN for a silent frame.
#pragma once
#include "descriptors/extractor.h"

namespace nr {

float sharpness(const Frame&);       // acum, DIN 45692 over the specific loudness of ISO 532-1
float booming(const Frame&);         // booming index (Hatano and Hashimoto 2000), weighted as in AudioCommons
float warmth(const Frame&);          // share of the specific loudness below 5 Bark (510 Hz)
float brightness(const Frame&);      // share of the energy above 1500 Hz (Juslin 2000)
float zero_crossings(const Frame&);  // sign changes a sample, as librosa counts them; 0 for silence

}  // namespace nr
