// Prepared recordings, opened from the cache: PCM and descriptor curves of each clip, memory-mapped.
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
enum class DryWet { kDry, kWet };  // the recording; the same behind an effect, where data.wet names it

struct ClipInfo {
  std::string path;  // as found
  Split split = Split::kTrain;
  int64_t samples = 0;                        // at the dataset's rate
  std::map<std::string, std::string> labels;  // manifest columns, `folder`, `speaker`
};

struct LabelGroup {
  std::string name;                  // of the label
  std::vector<std::string> classes;  // data.classes, else its values over all clips in the order of their bytes
};

class Dataset {
 public:
  // splits: path -> split, in place of the one that the cache holds; other clips keep theirs. So a run goes on with the
  // splits it began with, and no test clip becomes a training clip.
  // Error when the cache is absent ("run prepare"), was made with other settings, or is damaged; when data.labels or
  // data.parameters name what no clip has; when a clip has no class in a group, a parameter that is not a number, or a
  // tag that is neither -1 nor 1; when data.tags name neither a label nor a descriptor that is measured; when
  // data.legacy does not go with the other settings.
  Dataset(const DataConfig& data, const DescriptorConfig& descriptors, const std::map<std::string, Split>& splits = {});
  ~Dataset();
  const DataConfig& config() const;
  const DescriptorConfig& descriptors() const;
  const std::vector<ClipInfo>& clips() const;
  std::vector<int> split(Split which) const;    // clip indices
  std::map<std::string, Split> splits() const;  // path -> split, of every clip
  // A hash of the settings of measuring and splitting, and of every clip's path, length, split and samples, and of
  // those labels that the configuration names. Equal numbers mean equal data.
  uint64_t fingerprint() const;

  // Samples [start, start + count) of a clip in [-1, 1), zeros beyond its ends.
  void read(int clip, int64_t start, int64_t count, float* out, DryWet sound = DryWet::kDry) const;
  std::vector<float> samples(int clip, DryWet sound = DryWet::kDry) const;
  // One curve per descriptors().names, at descriptors().hop, physical, NaN where undefined.
  const float* curve(int clip, int descriptor, int64_t* measurements) const;
  // The RMS curve, measured whether it is among the names or not: it says where a clip sounds.
  const float* rms(int clip, int64_t* measurements) const;
  // Fitted on the training split's active frames at the latent rate; one per descriptors().names. Error when a control
  // is constant; another descriptor then gets its table's range and no classes, with a warning.
  std::vector<Scale> fit_scales(int latent_hop, const Ranges& fixed = {}) const;

  const std::vector<LabelGroup>& label_groups() const;   // one per data.labels, in their order
  int label(int clip, int group) const;                  // index of its class
  const std::vector<std::string>& parameters() const;    // data.parameters
  const std::vector<float>& parameters(int clip) const;  // in their order; NaN where the cell is empty or absent
  const std::vector<float>& tags(int clip) const;        // of data.tags, in their order: -1, 1 or 0 (unknown)

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
