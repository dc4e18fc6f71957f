// What a model is asked for beside other clips' curves: gestures that a musician plays on one control, and the
// published pool of curves. No model was trained on them.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// Names of Trial::request. steps: between two values every quarter of a second. tremolo: 4 Hz. crescendo: rises across
// the clip. They lie around the control's median in the clip, within 0.4 of its position at most.
inline const std::vector<const char*>& gestures() {
  static const std::vector<const char*> names{"steps", "tremolo", "crescendo"};
  return names;
}

// The clip's own request with one gesture on control k where the clip sounds. frames_per_second: of latent frames.
// `at`: the frame at which the clip begins in the request, `frames`: how many it has.
Trial gesture(const Trial& own, const std::string& name, size_t k, const std::vector<Scale>& scales, int at, int frames,
              double frames_per_second);

// The clip's own request with `count` controls, drawn by the seed, that each follow a curve of the published pool of 75
// (constants, ramps, sinusoids, and blends of these or of the clip's and the donor's curves): positions over the clip.
// active is where the level that is asked for sounds, and where the clip does if that is not exchanged.
Trial pooled(const Trial& own, const Trial& donor, size_t count, const std::vector<Scale>& scales, int at, int frames,
             uint64_t seed);

// Spearman over the interior frames of each gesture on each control. Headline: the mean. Parts: "steps", ...; "rms
// steps", ...
std::vector<Number> gesture_spearman(const Observation&, const std::vector<Scale>&);
// Pearson of the exchanged controls over the frames that count. Headline: all exchanged. Parts: "1" to "4" exchanged;
// "all, (r + 1) / 2" over every frame, as published.
std::vector<Number> pool_pearson(const Observation&, const std::vector<Scale>&);

}  // namespace nr
