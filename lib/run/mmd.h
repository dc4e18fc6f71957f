// How the loss `mmd` compares latents with draws of N(0, 1).
#pragma once
#include <string>

#include "config/checks.h"

namespace nr {

// Kernels of the squared distance r between two vectors of d numbers. rbf: exp(-r / d^2), of the published
// Wasserstein autoencoders of sound. multi_rbf: the sum of exp(-r / (2 s^2)), s = 1, 2, 4, 8, 16. imq: the sum of
// C / (C + r), C = 2 d s, s = 0.1, 0.2, 0.5, 1, 2, 5, 10 (arXiv:1711.01558).
struct MmdConfig {
  std::string kernel = "imq";
  bool unbiased = true;  // without the distances of vectors to themselves; may be below 0

  template <class V>
  void fields(V& v) {
    v("kernel", kernel, config::one_of({"rbf", "multi_rbf", "imq"}));
    v("unbiased", unbiased);
  }
};

}  // namespace nr
