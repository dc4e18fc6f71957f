// Reads TensorBoard event files back, by nothing of what wrote them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace nr {

using Fields = std::map<int, std::string>;  // of a message: field -> its bytes (a number's: those of its varint)

inline uint64_t read_varint(const std::string& bytes, size_t& at) {
  uint64_t out = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(at++));
    out |= uint64_t(byte & 127) << shift;
    if (byte < 128) return out;
  }
}

template <class T>
T real(const std::string& bytes) {
  if (bytes.size() != sizeof(T)) fail("a number of ", bytes.size(), " bytes");
  T out;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

inline uint64_t number(const std::string& varint) {
  size_t at = 0;
  return read_varint(varint, at);
}

inline std::vector<double> reals(const std::string& packed) {
  std::vector<double> out;
  for (size_t at = 0; at < packed.size(); at += sizeof(double)) out.push_back(real<double>(packed.substr(at, 8)));
  return out;
}

// Every field with its bytes, in the order written.
inline std::vector<std::pair<int, std::string>> all_fields(const std::string& message) {
  std::vector<std::pair<int, std::string>> out;
  for (size_t at = 0; at < message.size();) {
    const uint64_t key = read_varint(message, at);
    const size_t begin = at;
    size_t length = 0;
    switch (key & 7) {
      case 0: read_varint(message, at), length = at - begin, at = begin; break;
      case 1: length = 8; break;
      case 2: length = size_t(read_varint(message, at)); break;
      case 5: length = 4; break;
      default: fail("an unknown wire type");
    }
    if (at + length > message.size()) fail("a field longer than its message");
    out.emplace_back(int(key >> 3), message.substr(at, length));
    at += length;
  }
  return out;
}

inline Fields fields(const std::string& message) {
  Fields out;
  for (const auto& [field, bytes] : all_fields(message)) out[field] = bytes;
  return out;
}

inline std::vector<Fields> values_of(const Fields& event) {
  std::vector<Fields> out;
  for (const auto& [field, bytes] : all_fields(event.at(5))) out.push_back(fields(bytes));
  return out;
}

inline uint32_t slow_crc(const std::string& bytes) {
  uint32_t crc = ~0u;
  for (const char c : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      const uint32_t differs = (crc ^ (static_cast<unsigned char>(c) >> bit)) & 1;
      crc = crc >> 1 ^ differs * 0x82f63b78u;
    }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

// Of all files of a folder, in the order of their names. Error where a record's CRC is another, or it is cut.
inline std::vector<Fields> read_events(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Fields> out;
  for (const auto& file : files) {
    const std::string bytes = read_file(file);
    for (size_t at = 0; at < bytes.size();) {
      const std::string length = bytes.substr(at, 8);
      if (slow_crc(length) != real<uint32_t>(bytes.substr(at + 8, 4))) fail(file.string(), ": a length's CRC is wrong");
      const std::string data = bytes.substr(at + 12, real<uint64_t>(length));
      at += 12 + data.size();
      if (slow_crc(data) != real<uint32_t>(bytes.substr(at, 4))) fail(file.string(), ": a record's CRC is wrong");
      out.push_back(fields(data));
      at += 4;
    }
  }
  return out;
}

}  // namespace nr
