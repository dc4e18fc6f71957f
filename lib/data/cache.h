// A folder of named byte strings that survives being killed at any moment. LMDB stays behind cache.cpp.
// A folder from elsewhere is mapped as it is: what its file says of itself is checked (database.h), its inner pages
// are not.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nr {

using CacheEntry = std::pair<std::string, std::string>;  // key (at most 500 bytes), value

// What it held when it was opened. Values of 4096 bytes or more begin at a multiple of 16.
class CacheReader {
 public:
  explicit CacheReader(const std::filesystem::path& folder);  // Error when absent or damaged
  ~CacheReader();
  // Memory-mapped; valid as long as this lives. Not for several threads at once; what it returned is.
  std::optional<std::string_view> get(const std::string& key) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// One at a time, over all processes. Grows by itself.
class CacheWriter {
 public:
  explicit CacheWriter(const std::filesystem::path& folder, size_t initial_bytes = size_t(1) << 30);
  ~CacheWriter();
  std::optional<std::string> get(const std::string& key);
  std::vector<std::string> keys();
  // Gathered and written some megabytes at a time. Any thread. Error when the disk is full; what was committed stays.
  void put(std::string key, std::string value);
  void commit();
  // All or nothing.
  void replace(const std::vector<CacheEntry>& entries, const std::vector<std::string>& dropped);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
