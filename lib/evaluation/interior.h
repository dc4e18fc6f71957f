// Control over interior frames: those whose whole analysis window lies where the request sounds. A frame beside silence
// says only that a sound begins or ends there, and holds much of a curve's variance: an answer that is right in the
// first and the last frame and constant between them has a Pearson correlation of 0.6 to 0.8 over all sounding frames.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// True where every frame within `margin` of it is active, and lies in the signal.
std::vector<bool> interior(const std::vector<bool>& active, int margin);

// Latent frames that a window of descriptors looks beyond its own on either side.
int interior_margin(const Observation& o);

// What a clip adds: of each control the asked and the measured curve in perceptual units over interior frames, and how
// many sounding frames were left out. all: every control is exchanged; one: each alone.
std::vector<double> interior_all_adds(const Observation&, const std::vector<Scale>&);
std::vector<double> interior_one_adds(const Observation&, const std::vector<Scale>&);
// The same of curves that another window has measured in both. Nothing of pitch and periodicity.
std::vector<double> other_window_all_adds(const Observation&, const std::vector<Scale>&);
std::vector<double> other_window_one_adds(const Observation&, const std::vector<Scale>&);

// Of the interior frames of all clips, each clip's curves minus their means, so that short clips and small gestures
// count by their size. Headline: the mean over controls. Parts: each control; of the correlations also "x frames" and
// "x left out", the share of sounding frames that are not interior. A clip's value is its part in the whole
// (infinitesimal jackknife): their mean is that of the set. NaN for a clip without such frames.
std::vector<std::vector<Number>> interior_pearson(const std::vector<std::vector<double>>& clips,
                                                  const std::vector<Scale>&, int sample_rate);
std::vector<std::vector<Number>> interior_spearman(const std::vector<std::vector<double>>& clips,
                                                   const std::vector<Scale>&, int sample_rate);
// Least-squares slope of the measured curve over the asked one: 1 obeys, 0 does not move. Parts "x offset": the mean of
// measured minus asked, in positions.
std::vector<std::vector<Number>> interior_slope(const std::vector<std::vector<double>>& clips,
                                                const std::vector<Scale>&, int sample_rate);

}  // namespace nr
