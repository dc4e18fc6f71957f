// A prior: an autoregressive network over a trained model's controls and latents, frame by frame. It lets the model
// play by itself. Gated residual blocks as in WaveNet (arXiv:1609.03499). It is causal, so the runtime streams it one
// frame a tick.
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"
#include "graph/graph.h"

namespace nr {

struct PriorConfig {
  static constexpr const char* kType = "prior";
  std::string run;                                  // folder or checkpoint of the autoencoder whose latents it models
  int width = 64;                                   // channels of the residual path, and of the skips
  int kernel = 3;                                   // frames
  std::vector<int> dilations{1, 2, 4, 8, 1, 2, 4, 8};
  int mixtures = 5;                                 // logistics a dimension
  int levels = 256;                                 // of every dimension between its quantiles
  int together = 1;                                 // dimensions that share a delay: see delay_of()
  int frames = 128;                                 // latent frames of a training crop; more than the diagonal shift
  int measured_batches = 64;                        // from which each dimension's range and histogram are taken

  template <class V>
  void fields(V& v) {
    v("run", run);
    v("width", width, config::between(1, 4096));
    v("kernel", kernel, config::between(1, 64));
    v("dilations", dilations, config::between(1, 4096));
    v("mixtures", mixtures, config::between(1, 64));
    v("levels", levels, config::between(2, 65536));
    v("together", together, config::at_least(1));
    v("frames", frames, config::at_least(2));
    v("measured_batches", measured_batches, config::at_least(1));
  }
};

// The diagonal shift: dimension d is delayed by d / together frames. One step then draws all dimensions at once, and
// each still depends on those before it in its own frame. Controls come first, so that latents follow them where they
// are set.
inline int delay_of(const PriorConfig& config, int dimension) { return dimension / config.together; }

// "past" [dimensions] -> "next" [dimensions * 3 * mixtures]: logits, centres and log-scales of every dimension's next
// frame.
Graph describe_prior(const PriorConfig& config, int dimensions, int hop);

}  // namespace nr
