// Which device runs, and how many threads.
#pragma once
#include <torch/types.h>

#include <string>

namespace nr {

// "auto" (CUDA where there is one), "cpu", "cuda". Also sets the threads: LibTorch gets OMP_NUM_THREADS, or all cores
// where that is not set (Debian's OpenMP would start with one; ranks on one machine share them), and OpenBLAS gets one.
torch::Device choose_device(const std::string& name);

}  // namespace nr
