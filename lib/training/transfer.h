// A new run that begins with the weights of another (train --init-from).
#pragma once
#include <filesystem>
#include <string>

#include "systems/system.h"

namespace nr {

// Takes from the run or checkpoint every tensor of the system that has the same name, shape and type there; the others
// stay as the new run's seed drew them. -> a line that says how many were taken and which were not. Error when nothing
// fits.
std::string take_weights(System& system, const std::filesystem::path& run_or_file);

}  // namespace nr
