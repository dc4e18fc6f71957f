// Training batches as a pure function of (seed, step): the same under any number of threads, and a resumed run needs no state.
#pragma once
#include <torch/types.h>

#include <memory>
#include <vector>

#include "data/dataset.h"

namespace nr {

struct Batch {
  torch::Tensor audio;     // [n, 1, segment] in [-1, 1)
  torch::Tensor controls;  // [n, controls, frames], normalised to [-1, 1]; undefined without controls
  torch::Tensor classes;   // [n, controls, frames], int64 quantile classes
  torch::Tensor active;    // [n, frames], 1 where the clip sounds, else 0
};

struct LoaderConfig {
  int batch = 8;
  int latent_hop = 1024;
  uint64_t seed = 1;
  int threads = 1;        // prefetching; the batches do not depend on it
  bool augment = true;    // training: data.augment and data.balance; else every sample of the split as it is and as likely as another
};

class Loader {
 public:
  // scales: one a control. A clip shorter than the segment is joined with other clips of its split, at hop boundaries.
  Loader(const Dataset& dataset, Split split, std::vector<Scale> scales, const LoaderConfig& config);
  ~Loader();
  Batch batch(int64_t step);  // prefetches step + 1 ...

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One whole clip, zero-padded to a multiple of the latent hop, as a batch of one.
Batch whole_clip(const Dataset& dataset, int clip, const std::vector<Scale>& scales, int latent_hop);

}  // namespace nr
