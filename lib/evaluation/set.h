// Metrics of a whole test set: what each clip adds to them, and each clip's numbers, whose means are those of the set.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// Squared Frechet distance |m - n|^2 + tr(C + D - 2 (C D)^(1/2)) between Gaussians that are fitted to the frames of all
// originals and of all reconstructions, 80 log-mel bands each (Dowson and Landau 1982). A clip's number is its
// jackknife pseudo-value, moved so that their mean is the distance of the set.
std::vector<double> frechet_adds(const Observation&, const std::vector<Scale>&);
// Of what is decoded when all controls are exchanged, against all originals.
std::vector<double> frechet_exchanged_adds(const Observation&, const std::vector<Scale>&);
std::vector<std::vector<Number>> frechet(const std::vector<std::vector<double>>& clips, const std::vector<Scale>&,
                                         int sample_rate);

// The same between the Gaussians of CDPAM's embeddings, one of each whole sound. As few sounds say little of so many
// dimensions, it is large also between two halves of one set: compare rows of the same clips only. Without the weights
// nothing.
std::vector<double> frechet_cdpam_adds(const Observation&, const std::vector<Scale>&);
std::vector<double> frechet_cdpam_exchanged_adds(const Observation&, const std::vector<Scale>&);
std::vector<std::vector<Number>> frechet_cdpam(const std::vector<std::vector<double>>& clips, const std::vector<Scale>&,
                                               int sample_rate);

// How far, in dB, a line of 4 Hz stands out of the 130 Hz around it in all but a tenth of a clip's sounding frames; the
// reconstruction's minus the original's, at most 20 dB, at the frequency where its mean over the clips is greatest. A
// note that is held stands out in its own clip, a drone in all. Part: "at", that frequency. NaN for a clip of fewer
// than 4 frames of a quarter of a second.
std::vector<double> steady_lines_adds(const Observation&, const std::vector<Scale>&);
std::vector<double> steady_lines_exchanged_adds(const Observation&, const std::vector<Scale>&);
std::vector<std::vector<Number>> steady_lines(const std::vector<std::vector<double>>& clips, const std::vector<Scale>&,
                                              int sample_rate);

}  // namespace nr
