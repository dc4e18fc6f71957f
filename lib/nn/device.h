// Which device runs, and how many threads.
#pragma once
#include <torch/types.h>

#include <string>

namespace nr {

// "auto" (CUDA where there is one), "cpu", "cuda". Threads: all cores (Debian's OpenMP would start with one).
torch::Device choose_device(const std::string& name);

}  // namespace nr
