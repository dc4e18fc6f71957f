// The format of MNIST: big-endian, a magic number with type and dimensions, then bytes. Sets of images of one size.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace nr {

struct ByteImages {
  int rows = 0, columns = 0;
  std::vector<uint8_t> pixels;  // image after image, row after row
  size_t count() const { return pixels.size() / (size_t(rows) * size_t(columns)); }
};

// Error with the file's name for another magic number than that of bytes in three dimensions, for a size that is none,
// and where the file ends before or goes on behind what it announces.
ByteImages read_idx(const std::filesystem::path& file);
void write_idx(const std::filesystem::path& file, const ByteImages& images);

}  // namespace nr
