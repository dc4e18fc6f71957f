// Tables of numbers that the nodes of a program point to.
#pragma once
#include <cstdint>
#include <variant>
#include <vector>

namespace nr {

using NumberTable = std::variant<std::vector<float>, std::vector<int8_t>, std::vector<int16_t>, std::vector<int32_t>>;

}  // namespace nr
