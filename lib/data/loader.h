// Training batches as a pure function of (seed, step): the same under any number of threads, and a resumed run needs no
// state.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "data/batch.h"
#include "data/dataset.h"

namespace nr {

struct LoaderConfig {
  int batch = 8;
  int latent_hop = 1024;
  uint64_t seed = 1;
  int threads = 1;  // prefetching; the batches do not depend on it
  // Training: data.augment and data.balance. Else every sample of the split as it is and as likely as another.
  bool augment = true;
  // An example is one clip from its start, cut or zero-padded to the segment. Each clip is as likely as another.
  bool whole = false;
  int64_t first = 0;  // of the batch's examples among those of a step: several processes share a step
};

class Loader {
 public:
  // scales: one per control. A clip shorter than the segment is joined with other clips of its split at hop boundaries.
  // Error when the split is empty, when the segment is no multiple of the hop, when an augmentation is unknown or, with
  // data.wet, does not keep pairs; with data.pairs, when data.effects is empty, or its draws cannot be labelled.
  Loader(const Dataset& dataset, Split split, std::vector<Scale> scales, const LoaderConfig& config);
  ~Loader();
  Batch batch(int64_t step);               // prefetches step + 1 ...
  std::vector<std::string> draws() const;  // names of the columns of Batch::draws

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One whole clip, zero-padded to a multiple of the latent hop, as a batch of one. Knobs are where a draw of the clip's
// own puts them.
Batch whole_clip(const Dataset& dataset, int clip, const std::vector<Scale>& scales, int latent_hop);

}  // namespace nr
