#include "nn/device.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <algorithm>
#include <thread>

#include "base/error.h"

namespace nr {

torch::Device choose_device(const std::string& name) {
  at::set_num_threads(std::max(1u, std::thread::hardware_concurrency()));
  if (name == "cpu" || (name == "auto" && !torch::cuda::is_available())) return torch::kCPU;
  if (!torch::cuda::is_available()) fail("device: cuda was asked for, but this LibTorch finds no CUDA device");
  return torch::kCUDA;
}

}  // namespace nr
