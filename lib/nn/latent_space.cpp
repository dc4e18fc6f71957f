#include "nn/latent_space.h"

#include <torch/torch.h>

#include <algorithm>

#include "base/error.h"

namespace nr {

double LatentSpace::fidelity(int kept) const {
  const double all = variance.sum().item<double>();
  return all > 0 ? std::min(1.0, variance.narrow(0, 0, kept).sum().item<double>() / all) : 1;
}

int LatentSpace::components_for(double wanted) const {
  int kept = 1;
  while (kept < variance.size(0) && fidelity(kept) < wanted) ++kept;
  return kept;
}

torch::Tensor LatentSpace::project(const torch::Tensor& latent, int kept) const {
  return torch::matmul(components.narrow(0, 0, kept), latent - mean.unsqueeze(-1));
}

torch::Tensor LatentSpace::restore(const torch::Tensor& projected) const {
  return torch::matmul(components.narrow(0, 0, projected.size(1)).t(), projected) + mean.unsqueeze(-1);
}

LatentSpace analyse_latents(const torch::Tensor& means, const torch::Tensor& level) {
  const auto x = means.to(torch::kCPU, torch::kDouble), loudness = level.to(torch::kCPU, torch::kDouble);
  const auto mean = x.mean(0), centred = x - mean;
  // eigh gives rising eigenvalues, and vectors as columns.
  const auto [values, vectors] = torch::linalg_eigh(torch::matmul(centred.t(), centred) / double(x.size(0)));
  auto components = vectors.t().flip(0);
  const auto slope = torch::matmul(components, torch::matmul(centred.t(), loudness - loudness.mean()));
  components = torch::where((slope < 0).unsqueeze(1), -components, components);
  return {mean.to(torch::kFloat), components.contiguous().to(torch::kFloat),
          values.flip(0).clamp_min(0).to(torch::kFloat)};
}

void store(const LatentSpace& space, Checkpoint& checkpoint) {
  if (!space.known()) return;
  checkpoint.tensors["latent_space/mean"] = space.mean;
  checkpoint.tensors["latent_space/components"] = space.components;
  checkpoint.tensors["latent_space/variance"] = space.variance;
}

LatentSpace load_latent_space(const Checkpoint& checkpoint, int latent_size) {
  LatentSpace out;
  if (!checkpoint.tensors.count("latent_space/mean")) return out;
  const auto take = [&](const std::string& name, at::IntArrayRef shape) {
    const auto found = checkpoint.tensors.find("latent_space/" + name);
    if (found == checkpoint.tensors.end()) fail(checkpoint.name, ": holds no tensor 'latent_space/", name, "'");
    if (found->second.sizes() != shape || found->second.scalar_type() != torch::kFloat)
      fail(checkpoint.name, ": tensor 'latent_space/", name, "' is ", found->second.dtype().name(), " ",
           shape_text(found->second.sizes()), ", expected float ", shape_text(shape));
    return found->second;
  };
  out.mean = take("mean", {latent_size});
  out.components = take("components", {latent_size, latent_size});
  out.variance = take("variance", {latent_size});
  return out;
}

}  // namespace nr
