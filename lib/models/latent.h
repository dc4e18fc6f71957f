// What stands between encoder and decoder.
#pragma once
#include <variant>

#include "config/checks.h"

namespace nr {

// The encoder gives mean and scale; std = softplus(scale) + 1e-4; z = mean + std * noise (RAVE, arXiv:2111.05011).
struct GaussianLatent {
  static constexpr const char* kType = "gaussian";
  template <class V>
  void fields(V&) {}
};

using LatentConfig = std::variant<GaussianLatent>;

}  // namespace nr
