// The environment of a process as its launcher left it.
#pragma once
#include <string>

namespace nr {

std::string environment(const std::string& name);  // "" where it is not set

// The first machine that srun's list of nodes names: "node[07-09,12],login" -> "node07".
std::string first_node(const std::string& list);

}  // namespace nr
