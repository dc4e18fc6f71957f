#include "nn/autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/torch.h>
#include <torch/version.h>

namespace nr {
namespace {

bool mixed = false;

// Since LibTorch 2.4 one function for all devices.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool enabled(torch::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
void enable(torch::DeviceType device, bool on) {
  at::autocast::set_autocast_enabled(device, on);
  at::autocast::set_autocast_dtype(device, torch::kBFloat16);
}
#else
bool enabled(torch::DeviceType device) {
  return device == torch::kCUDA ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
}
void enable(torch::DeviceType device, bool on) {
  if (device == torch::kCUDA) at::autocast::set_enabled(on), at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
  if (device != torch::kCUDA) at::autocast::set_cpu_enabled(on), at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
}
#endif

}  // namespace

MixedPrecision::MixedPrecision(bool on) : before_(mixed) { mixed = on; }
MixedPrecision::~MixedPrecision() { mixed = before_; }

// Weights are converted anew in every pass: LibTorch's cache of them would have to be cleared at every update.
Autocast::Autocast(const torch::Device& device, bool on)
    : device_(device.type()), before_(enabled(device_)), cached_(at::autocast::is_autocast_cache_enabled()) {
  enable(device_, on && mixed);
  at::autocast::set_autocast_cache_enabled(false);
}

Autocast::~Autocast() {
  enable(device_, before_);
  at::autocast::set_autocast_cache_enabled(cached_);
}

bool autocasts(const torch::Device& device) { return enabled(device.type()); }

torch::Tensor float32(const torch::Tensor& x) {
  return x.defined() && x.scalar_type() == torch::kBFloat16 ? x.to(torch::kFloat) : x;
}

}  // namespace nr
