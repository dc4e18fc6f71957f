// What stands between encoder and decoder. Which terms shape it is the players' business: `kl`, `mmd`, or none.
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

// Deterministic: the encoder gives z itself. With the term `mmd` a Wasserstein autoencoder (arXiv:1711.01558), without it a plain one.
struct PlainLatent {
  static constexpr const char* kType = "plain";
  template <class V>
  void fields(V&) {}
};

// Deterministic, on the unit sphere: z / |z|, frame by frame (hyperspherical, as RAVE 2.3's). No term shapes it.
struct SphericalLatent {
  static constexpr const char* kType = "spherical";
  template <class V>
  void fields(V&) {}
};

using LatentConfig = std::variant<GaussianLatent, PlainLatent, SphericalLatent>;

inline bool stochastic(const LatentConfig& latent) { return std::holds_alternative<GaussianLatent>(latent); }

}  // namespace nr
