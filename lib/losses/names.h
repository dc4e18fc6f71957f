// The loss terms' names, for checking configs without LibTorch's headers.
#pragma once
#include <string>
#include <vector>

namespace nr {
std::vector<std::string> loss_names();
}  // namespace nr
