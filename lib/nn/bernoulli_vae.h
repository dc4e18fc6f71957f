// The variational autoencoder of binary images (Kingma and Welling, arXiv:1312.6114, appendix C): one hidden layer of
// tanh units on both sides, z ~ N(mean, deviation^2), pixels ~ Bernoulli.
#pragma once
#include <torch/torch.h>

namespace nr {

// Of n images, in nats each.
struct VariationalBound {
  torch::Tensor reconstruction;  // -ln p(x | z), one draw of z
  torch::Tensor kl;              // KL(q(z | x) || N(0, 1))
};

class BernoulliVae : public torch::nn::Module {
 public:
  BernoulliVae(int64_t pixels, int64_t hidden, int64_t latent_size);
  VariationalBound forward(const torch::Tensor& images);    // [n, pixels] in [0, 1]
  torch::Tensor encode(const torch::Tensor& images);        // means [n, latent_size]
  torch::Tensor decode(const torch::Tensor& latent);        // [n, latent_size] -> probabilities [n, pixels]

 private:
  torch::nn::Linear in_{nullptr}, mean_{nullptr}, log_variance_{nullptr}, out_{nullptr}, pixels_{nullptr};
};

// Dimensions whose mean varies over the images by more than 0.01 (Burda, Grosse and Salakhutdinov, arXiv:1509.00519).
int active_units(const torch::Tensor& means);

}  // namespace nr
