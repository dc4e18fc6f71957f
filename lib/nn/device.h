// Which device runs, and how many threads.
#pragma once
#include <torch/types.h>

#include <string>

namespace nr {

// "auto" (CUDA where there is one), "cpu", "cuda". Threads: all cores for LibTorch (Debian's OpenMP would start with one) or what
// OMP_NUM_THREADS says, one for OpenBLAS.
torch::Device choose_device(const std::string& name);

}  // namespace nr
