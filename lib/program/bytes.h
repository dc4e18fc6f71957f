// Numbers and texts as little-endian bytes, whatever the machine.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nr {

constexpr char kProgramMark[] = "NRPF";
constexpr uint32_t kProgramVersion = 1;
constexpr size_t kProgramHead = 16;  // mark, version, length and checksum of what follows

// FNV-1a, 32 bits.
inline uint32_t checksum_of(std::string_view bytes) {
  uint32_t hash = 2166136261u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

class ByteWriter {
 public:
  template <class T>
  void number(T value) {
    uint64_t bits = 0;
    if constexpr (std::is_integral_v<T>) {
      bits = static_cast<uint64_t>(value);
    } else {
      uint32_t of_float;
      std::memcpy(&of_float, &value, sizeof value);
      bits = of_float;
    }
    for (size_t i = 0; i < sizeof value; ++i, bits >>= 8) out_ += static_cast<char>(bits & 255);
  }
  template <class T>
  void numbers(const T* values, size_t count) {
    for (size_t i = 0; i < count; ++i) number(values[i]);
  }
  void count(size_t n) { number(static_cast<uint32_t>(n)); }
  void text(const std::string& s) { count(s.size()), out_ += s; }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
};

// Every read is within the bytes, or an Error.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}

  template <class T>
  T number() {
    const std::string_view raw = take(sizeof(T));
    uint64_t bits = 0;
    for (size_t i = sizeof(T); i-- > 0;) bits = bits << 8 | static_cast<unsigned char>(raw[i]);
    if constexpr (std::is_integral_v<T>) return static_cast<T>(bits);
    const auto narrow = static_cast<uint32_t>(bits);
    float value;
    std::memcpy(&value, &narrow, sizeof value);
    return value;
  }
  template <class T>
  std::vector<T> numbers(size_t count) {
    need(count, sizeof(T));
    std::vector<T> out(count);
    for (T& x : out) x = number<T>();
    return out;
  }
  // Of things that take at least so many bytes each: more than fit what is left are refused before anything is
  // allocated.
  uint32_t count(size_t least) {
    const auto n = number<uint32_t>();
    need(n, least);
    return n;
  }
  // Of printable bytes and at most 255, as C strings are.
  std::string text() {
    const std::string s(take(count(1)));
    if (s.size() > 255) fail(where_, ": a name of ", s.size(), " bytes, expected at most 255");
    for (const char c : s)
      if (static_cast<unsigned char>(c) < 32) fail(where_, ": a name holds a control character (", int(c), ")");
    return s;
  }
  void end() const {
    if (at_ != bytes_.size()) fail(where_, ": ", bytes_.size() - at_, " bytes are left over");
  }

 private:
  void need(size_t count, size_t each) const {
    if (count > (bytes_.size() - at_) / each)
      fail(where_, ": is cut short: ", count, " times ", each, " bytes after ", at_, " of ", bytes_.size());
  }
  std::string_view take(size_t count) {
    need(count, 1);
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }

  std::string_view bytes_;
  std::string where_;
  size_t at_ = 0;
};

}  // namespace nr
