// Moments and shape of one spectrum, as librosa 0.11 defines them but at the true sample rate. NaN for a silent frame.
#pragma once
#include "descriptors/extractor.h"

namespace nr {

float rms(const Frame&);        // of the unwindowed samples, full scale 1; 0 for silence
float centroid(const Frame&);   // Hz: mean frequency weighted by magnitude
float bandwidth(const Frame&);  // Hz: deviation around the centroid, weighted by magnitude
float flatness(const Frame&);   // geometric by arithmetic mean of the power, bins at least 1e-10: 0 (sine) ... 1 (flat)
float rolloff(const Frame&);    // Hz: the bin below which 85 % of the magnitude lies

}  // namespace nr
