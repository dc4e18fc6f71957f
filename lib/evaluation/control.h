// Does the sound follow its controls? The metrics of own and of exchanged control curves. Each is a row of table.cpp.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// Headline: the mean over the controls whose curve counts in this clip. Parts: each control.
// own: the reconstruction, which is asked for the clip's own curves. all: every curve is another clip's. one: each
// alone.
std::vector<Number> pearson_own(const Observation&, const std::vector<Scale>&);
std::vector<Number> spearman_own(const Observation&, const std::vector<Scale>&);
std::vector<Number> pearson_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> spearman_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> pearson_one(const Observation&, const std::vector<Scale>&);
std::vector<Number> spearman_one(const Observation&, const std::vector<Scale>&);
// Over all frames, silent ones too.
std::vector<Number> pearson_all_frames(const Observation&, const std::vector<Scale>&);
std::vector<Number> pearson_one_frames(const Observation&, const std::vector<Scale>&);

// Mean absolute difference of positions. More parts: "rms in dB", "centroid in Hz", ... in perceptual and physical
// units.
std::vector<Number> l1_own(const Observation&, const std::vector<Scale>&);
std::vector<Number> l1_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> l1_one(const Observation&, const std::vector<Scale>&);

// How far descriptors move from the reconstruction when one control is exchanged. Parts: "asked"; "own", of that
// control; "others", of the controls that are held. Headline: own / others.
std::vector<Number> movement(const Observation&, const std::vector<Scale>&);

// Mean positions over the frames that count.
std::vector<Means> means_all(const Observation&, const std::vector<Scale>&);
std::vector<Means> means_one(const Observation&, const std::vector<Scale>&);

std::vector<Number> leakage(const Observation&, const std::vector<Scale>&);  // Observation::probe_r2
std::vector<Number> class_accuracy(const Observation&, const std::vector<Scale>&);  // and part: "chance"

// Trial::training_distance.
std::vector<Number> distance_all(const Observation&, const std::vector<Scale>&);
std::vector<Number> distance_one(const Observation&, const std::vector<Scale>&);

}  // namespace nr
