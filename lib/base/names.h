// Lists of names, and the name that somebody meant: "did you mean 'capacity'?".
#pragma once
#include <string>
#include <vector>

namespace nr {

// The candidate at the smallest edit distance, or "" when more than a third of the letters differ.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

// " (did you mean 'x'?)" or " (there are: a, b, c)".
std::string hint(const std::string& name, const std::vector<std::string>& candidates);

bool contains(const std::vector<std::string>& names, const std::string& name);

std::string join(const std::vector<std::string>& parts, const std::string& separator = ", ");

}  // namespace nr
