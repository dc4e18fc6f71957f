#include <charconv>
#include <cstdlib>

#include "config/reader.h"

namespace nr::config {
namespace {

template <class T>
bool parse_whole(const std::string& scalar, T& out) {
  const char* end = scalar.data() + scalar.size();
  const auto result = std::from_chars(scalar.data(), end, out);
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

bool parse(const std::string& scalar, bool& out) {
  out = scalar == "true";
  return out || scalar == "false";
}
bool parse(const std::string& scalar, int& out) { return parse_whole(scalar, out); }
bool parse(const std::string& scalar, int64_t& out) { return parse_whole(scalar, out); }
bool parse(const std::string& scalar, double& out) {
  const char* end = scalar.data() + scalar.size();
  const auto result = std::from_chars(scalar.data(), end, out);
  return result.ec == std::errc() && result.ptr == end && out == out;
}
bool parse(const std::string& scalar, std::string& out) {
  out = scalar;
  return true;
}

std::string print(bool value) { return value ? "true" : "false"; }
std::string print(int value) { return std::to_string(value); }
std::string print(int64_t value) { return std::to_string(value); }
std::string print(double value) {
  char out[32];
  return {out, std::to_chars(out, out + sizeof out, value).ptr};
}
std::string print(const std::string& value) { return value; }

}  // namespace nr::config
