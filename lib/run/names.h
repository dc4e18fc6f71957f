// Names that a config may hold and that tables below the torch wall define: losses/table.cpp, losses/adversarial.cpp, data/augment.cpp.
#pragma once
#include <string>
#include <vector>

namespace nr {

std::vector<std::string> loss_names();
std::vector<std::string> adversarial_names();
std::vector<std::string> augmentation_names();

}  // namespace nr
