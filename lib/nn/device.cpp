#include "nn/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <torch/cuda.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "nn/ranks.h"
#include "run/run.h"

namespace nr {
namespace {

// Debian's OpenBLAS has a pool of threads of its own that spin while they wait. Beside LibTorch's pool a training step
// takes 3.3 times as long (tests/bench/step_bench). OpenBLAS built with OpenMP shares LibTorch's threads and stays as
// it is.
void limit_openblas_threads() {
  const auto kind = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  const auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  constexpr int own_threads = 1;
  if (kind && set && kind() == own_threads) set(1);
}

// A step frees what the next one allocates again. Given back to the system in between, its pages are cleared at every
// step: a fourth of a step's time.
void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

}  // namespace

torch::Device choose_device(const std::string& name) {
  if (!std::getenv("OMP_NUM_THREADS")) 
    at::set_num_threads(std::max(1, int(std::thread::hardware_concurrency()) / ranks().local_count));
  limit_openblas_threads();
  keep_freed_memory();
  if (name == "cpu" || (name == "auto" && !torch::cuda::is_available())) return torch::kCPU;
  if (!torch::cuda::is_available()) fail("device: cuda was asked for, but this LibTorch finds no CUDA device");
  return {torch::kCUDA, torch::DeviceIndex(ranks().local % int(torch::cuda::device_count()))};
}

void set_arithmetic(const TrainingConfig& training) {
  static const int threads = at::get_num_threads();  // before the first deterministic run
  at::set_num_threads(training.deterministic ? 1 : threads);
  if (training.deterministic) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);  // else cuBLAS refuses to be
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(training.deterministic && torch::cuda::is_available(), true);
  context.setDeterministicCuDNN(training.deterministic);
  context.setBenchmarkCuDNN(training.autotune);
  context.setAllowTF32CuBLAS(training.tf32);
}

}  // namespace nr
