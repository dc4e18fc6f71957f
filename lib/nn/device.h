// Which device runs, and how many threads.
#pragma once
#include <torch/types.h>

#include <string>

namespace nr {

struct TrainingConfig;

// "auto" (CUDA where there is one), "cpu", "cuda". Also sets the threads: LibTorch gets OMP_NUM_THREADS, or all cores
// where that is not set (Debian's OpenMP would start with one; ranks on one machine share them), and OpenBLAS gets one.
torch::Device choose_device(const std::string& name);

// How this process computes from here on, as run/run.h says of the fields deterministic, tf32 and autotune. To be
// called behind choose_device(), and before a device computes.
void set_arithmetic(const TrainingConfig& training);

}  // namespace nr
