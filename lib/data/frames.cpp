#include "data/frames.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr {

int latent_ratio(const Dataset& dataset, int latent_hop) {
  const int hop = dataset.descriptors().hop;
  if (latent_hop < hop || latent_hop % hop != 0)
    fail("descriptors.hop is ", hop, " samples: it must divide the model's hop of ", latent_hop, " samples");
  return latent_hop / hop;
}

std::vector<bool> active_measurements(const Dataset& dataset, int clip) {
  int64_t measurements = 0;
  const float* rms = dataset.rms(clip, &measurements);
  return active_frames({rms, rms + measurements});
}

std::vector<bool> active_latent_frames(const std::vector<bool>& measurements, int64_t first, int64_t last, int ratio) {
  std::vector<bool> out;
  for (int64_t from = first; from < last; from += ratio) {
    const int64_t to = std::min(from + ratio, last);
    const int64_t sounding = std::count(measurements.begin() + from, measurements.begin() + to, true);
    out.push_back(2 * sounding > to - from);
  }
  return out;
}

int64_t margin(const std::vector<std::string>& names, const Framing& framing, int latent_hop) {
  double seconds = 0;
  for (const std::string& name : names) seconds = std::max(seconds, descriptors().at(name).seconds);
  const int64_t samples = std::max<int64_t>(framing.window, std::llround(seconds * framing.sample_rate));
  return (samples + latent_hop - 1) / latent_hop * latent_hop;
}

}  // namespace nr
