// Files are written whole or not at all: into a temporary beside the target, synced, then renamed over it.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>

namespace nr {

// Error when it cannot be read, or holds more bytes than `most`.
std::string read_file(const std::filesystem::path& path, size_t most = ~size_t(0));

// Error (and no trace on the disk) when the disk is full or the folder cannot be written.
void write_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);
void write_file(const std::filesystem::path& path, const std::string& contents);

// Error that names the path when it cannot be made.
void make_folder(const std::filesystem::path& path);

}  // namespace nr
