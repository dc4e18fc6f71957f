// Two ways in which a vector steers a network: FiLM of dense layers (Perez et al., arXiv:1709.07871) and AdaIN whose
// statistics a condition gives, also called conditional instance normalisation (arXiv:1610.07629). They learn; RAVE's
// AdaIN slots, which `adapt` fills with the moments of recordings, are another thing. Both begin without an effect of
// the condition.
#pragma once
#include <torch/torch.h>

namespace nr {

// h [n, size] -> h (1 + gamma(c)) + delta(c), c [n, condition]. Where gamma and delta are 0: h.
class DenseFilm : public torch::nn::Module {
 public:
  DenseFilm(int64_t condition, int64_t size);
  torch::Tensor forward(const torch::Tensor& h, const torch::Tensor& c);

  torch::nn::Linear gamma{nullptr}, delta{nullptr};
};

// x [n, channels, bands, frames]: every channel of an example to mean mu(c) and deviation sigma(c), over bands and
// frames. Where a channel is constant, its deviation stays 0.
class ConditionalNorm : public torch::nn::Module {
 public:
  ConditionalNorm(int64_t condition, int64_t channels);
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& c);

  torch::nn::Linear sigma{nullptr}, mu{nullptr};
};

}  // namespace nr
