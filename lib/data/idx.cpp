#include "data/idx.h"

#include <cstdio>

#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace {

constexpr uint32_t kMagic = 0x00000803;  // unsigned bytes, three dimensions
constexpr size_t kHeader = 16;

uint32_t number_at(const std::string& bytes, size_t at) {
  uint32_t out = 0;
  for (size_t i = 0; i < 4; ++i) out = out << 8 | uint8_t(bytes[at + i]);
  return out;
}

std::string hexadecimal(uint32_t x) {
  char out[16];
  std::snprintf(out, sizeof out, "%08x", x);
  return out;
}

}  // namespace

ByteImages read_idx(const std::filesystem::path& file) {
  const std::string bytes = read_file(file);
  if (bytes.size() < kHeader)
    fail(file.string(), ": ", bytes.size(), " bytes; expected an IDX file, whose header has ", kHeader);
  const uint32_t magic = number_at(bytes, 0);
  if (magic != kMagic)
    fail(file.string(), ": magic number ", hexadecimal(magic), "; expected ", hexadecimal(kMagic),
         ", IDX images of bytes");
  const uint64_t count = number_at(bytes, 4), rows = number_at(bytes, 8), columns = number_at(bytes, 12);
  if (count == 0 || rows == 0 || columns == 0 || rows > 4096 || columns > 4096)
    fail(file.string(), ": ", count, " images of ", rows, " x ", columns, " pixels; expected 1 to 4096 each way");
  if (bytes.size() - kHeader != count * rows * columns)
    fail(file.string(), ": ", bytes.size() - kHeader, " bytes of pixels; its header announces ",
         count * rows * columns);
  ByteImages out{int(rows), int(columns), {}};
  out.pixels.assign(bytes.begin() + kHeader, bytes.end());
  return out;
}

void write_idx(const std::filesystem::path& file, const ByteImages& images) {
  std::string bytes;
  for (const uint64_t number : {uint64_t(kMagic), uint64_t(images.count()), uint64_t(images.rows),
                                uint64_t(images.columns)})
    for (int shift = 24; shift >= 0; shift -= 8) bytes += char(number >> shift & 255);
  bytes.append(images.pixels.begin(), images.pixels.end());
  write_file(file, bytes);
}

}  // namespace nr
