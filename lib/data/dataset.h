// Prepared recordings, opened from the cache: PCM and descriptor curves a clip, memory-mapped.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "run/data.h"
#include "descriptors/scale.h"

namespace nr {

enum class Split { kTrain, kValidation, kTest };

struct ClipInfo {
  std::string path;                            // as found
  Split split = Split::kTrain;
  int64_t samples = 0;                             // at the dataset's rate
  std::map<std::string, std::string> labels;   // manifest columns
};

class Dataset {
 public:
  // Error when the cache is absent ("run prepare"), was made with other settings, or is damaged.
  Dataset(const DataConfig& data, const DescriptorConfig& descriptors);
  ~Dataset();
  const DataConfig& config() const;
  const DescriptorConfig& descriptors() const;
  const std::vector<ClipInfo>& clips() const;
  std::vector<int> split(Split which) const;   // clip indices
  // Samples [start, start + count) of a clip in [-1, 1), zeros beyond its end.
  void read(int clip, int64_t start, int64_t count, float* out) const;
  std::vector<float> samples(int clip) const;
  // One curve a descriptors().names, at descriptors().hop, physical, NaN where undefined.
  const float* curve(int clip, int descriptor, int64_t* measurements) const;
  // The RMS curve, measured whether it is among the names or not: it says where a clip sounds.
  const float* rms(int clip, int64_t* measurements) const;
  // Fitted on the training split's active frames at the latent rate; one a descriptors().names. Error when a control is constant;
  // another descriptor then gets its table's range and no classes, with a warning.
  std::vector<Scale> fit_scales(int latent_hop) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
