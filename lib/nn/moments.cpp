#include "nn/moments.h"

#include <torch/torch.h>

namespace nr {

void Moments::add(const torch::Tensor& x) {
  const torch::Tensor rows =
      x.detach().to(torch::kCPU, torch::kDouble).transpose(0, 1).flatten(1);  // [channels, frames]
  const int64_t added = rows.size(1), before = frames;
  if (added == 0) return;
  const torch::Tensor centre = rows.mean(1), spread = (rows - centre.unsqueeze(1)).square().sum(1);
  frames += added;
  if (before == 0) {
    mean = centre, squares = spread;
    return;
  }
  const torch::Tensor apart = centre - mean;
  mean = mean + apart * (double(added) / double(frames));
  squares = squares + spread + apart.square() * (double(before) * double(added) / double(frames));
}

torch::Tensor Moments::deviation() const { return (squares / double(frames)).sqrt(); }

torch::Tensor Moments::constant() const { return deviation() <= 1e-6 * mean.abs().clamp_min(1); }

}  // namespace nr
