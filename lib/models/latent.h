// The kinds of latent between encoder and decoder. One struct holds all that is special to a kind: its layers in a
// graph, its posterior, how it is sampled, and what its losses need. Functions of tensors are templates, so this header
// needs no LibTorch.
#pragma once
#include <cmath>
#include <variant>

#include "config/checks.h"
#include "graph/graph.h"

namespace nr {

// z ~ N(mean, std^2), std = softplus(scale) + 1e-4 (RAVE, arXiv:2111.05011). The loss `kl` draws it to N(0, 1).
struct GaussianLatent {
  static constexpr const char* kType = "gaussian";
  static constexpr int kStatistics = 2;  // numbers that an encoder gives a dimension: mean and scale
  template <class V>
  void fields(V&) {}

  static Wire constrain(Graph&, Wire mean) { return mean; }
  template <class Tensor>
  static Tensor constrain(const Tensor& mean) {
    return mean;
  }
  template <class Tensor>
  static Tensor deviation(const Tensor& scale) {
    return softplus(scale) + 1e-4;
  }
  // noise: standard normal numbers, as many as mean's.
  template <class Tensor>
  static Tensor sample(const Tensor& mean, const Tensor& std, const Tensor& noise) {
    return mean + std * noise;
  }
  // ln q(z), of each number.
  template <class Tensor>
  static Tensor log_density(const Tensor& z, const Tensor& mean, const Tensor& std) {
    return -0.5 * ((z - mean) / std).pow(2) - log(std) - 0.5 * std::log(2 * M_PI);
  }
};

// Deterministic: z is what the encoder gives. With the loss `mmd` a Wasserstein autoencoder (arXiv:1711.01558), without
// it a plain one.
struct PlainLatent {
  static constexpr const char* kType = "plain";
  static constexpr int kStatistics = 1;
  template <class V>
  void fields(V&) {}

  static Wire constrain(Graph&, Wire mean) { return mean; }
  template <class Tensor>
  static Tensor constrain(const Tensor& mean) {
    return mean;
  }
};

// Deterministic, on the unit sphere: z / |z| in every frame (hyperspherical, as in RAVE 2.3). No loss shapes it.
struct SphericalLatent {
  static constexpr const char* kType = "spherical";
  static constexpr int kStatistics = 1;
  template <class V>
  void fields(V&) {}

  static Wire constrain(Graph& g, Wire mean) { return g.unit_norm(mean); }
  template <class Tensor>
  static Tensor constrain(const Tensor& mean) {  // [batch, latent_size, frames]
    return mean / mean.norm(2, 1, true).clamp_min(1e-12);
  }
};

using LatentConfig = std::variant<GaussianLatent, PlainLatent, SphericalLatent>;

inline int statistics(const LatentConfig& latent) {
  return std::visit([](const auto& kind) { return kind.kStatistics; }, latent);
}

}  // namespace nr
