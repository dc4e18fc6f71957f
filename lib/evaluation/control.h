// Does the sound follow the knobs? The metrics of own and of exchanged descriptor curves; each is a row of table.cpp.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// Headline: the mean over the controls whose curve counts in this clip. Parts: each control.
std::vector<Number> pearson_own(const Observation&, const std::vector<Scale>&);  // of the reconstruction, with the clip's own curves
std::vector<Number> spearman_own(const Observation&, const std::vector<Scale>&);
std::vector<Number> pearson_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> spearman_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> pearson_one(const Observation&, const std::vector<Scale>&);
std::vector<Number> spearman_one(const Observation&, const std::vector<Scale>&);
// Over every frame, silence included.
std::vector<Number> pearson_all_frames(const Observation&, const std::vector<Scale>&);
std::vector<Number> pearson_one_frames(const Observation&, const std::vector<Scale>&);

// Parts moreover "rms in dB", "centroid in Hz", ...: perceptual and physical units.
std::vector<Number> l1_own(const Observation&, const std::vector<Scale>&);
std::vector<Number> l1_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> l1_one(const Observation&, const std::vector<Scale>&);

// Against the model's own reconstruction, one exchanged: "own", "others", "asked", and the ratio own / others.
std::vector<Number> movement(const Observation&, const std::vector<Scale>&);

// Over the frames that count, in knob units.
std::vector<Means> means_all(const Observation&, const std::vector<Scale>&);
std::vector<Means> means_one(const Observation&, const std::vector<Scale>&);

std::vector<Number> leakage(const Observation&, const std::vector<Scale>&);  // Observation::told

std::vector<Number> reach_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> reach_one(const Observation&, const std::vector<Scale>&);

}  // namespace nr
