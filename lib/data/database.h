// What an LMDB file says of itself, checked before LMDB maps it into memory and follows its pages.
// LMDB believes a file. One from elsewhere, or a damaged one, could make it read beyond the file's end.
#pragma once
#include <cstdint>
#include <filesystem>
#include <istream>
#include <string>

namespace nr {

// What is wrong, and what was expected; empty when nothing is. Checked are both meta pages and the roots of both
// trees: magic, version, page size, flags, the size of the map and the last page against the file's size, depth and
// number of entries. The pages below the roots are not checked. An empty file is one that LMDB has not begun.
std::string database_problem(std::istream& in, uint64_t size);
std::string database_problem(const std::filesystem::path& file);

}  // namespace nr
