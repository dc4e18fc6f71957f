// Measurements -> latent frames, the same for fitting scales, for training crops and for whole clips.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"
#include "descriptors/descriptor.h"

namespace nr {

// Measurements per latent frame. Error when the latent hop is not a multiple of the descriptors' hop.
int latent_ratio(const Dataset& dataset, int latent_hop);

// Whether the clip sounds, one per measurement: active_frames of the whole clip's RMS.
std::vector<bool> active_measurements(const Dataset& dataset, int clip);

// Latent frames beginning at measurements first, first + ratio, ... below `last`: true where more than half sound.
std::vector<bool> active_latent_frames(const std::vector<bool>& measurements, int64_t first, int64_t last, int ratio);

// Samples on either side of a signal that measurements of these descriptors may look into, rounded up to latent frames.
int64_t margin(const std::vector<std::string>& descriptors, const Framing& framing, int latent_hop);

}  // namespace nr
