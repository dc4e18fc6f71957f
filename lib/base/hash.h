// FNV-1a, 64 bits: names caches, graphs and configs. Not for secrets.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace nr {

inline uint64_t hash64(std::string_view bytes, uint64_t start = 14695981039346656037ull) {
  for (const char c : bytes) start = (start ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return start;
}

// 16 hexadecimal digits.
std::string hex(uint64_t value);

}  // namespace nr
