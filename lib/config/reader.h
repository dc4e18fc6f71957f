// Value -> typed struct, strictly. A struct lists its fields once, in
//   template <class V> void fields(V& v) { v("bands", bands, one_of({1, 4, 16}), "bands of the filter bank"); ... }
// and that one list reads, checks and dumps it. The help text, if any, is for the command line (command_line.h). A std::variant is chosen by `type:` against each alternative's kType.
// Absent = the default written in the struct. Unknown field, wrong kind, out of range, unknown type = Error with file and line.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/names.h"
#include "config/checks.h"
#include "config/value.h"

namespace nr::config {

struct AnyVisitor {
  template <class... A>
  void operator()(A&&...) {}
};
template <class T, class = void>
struct has_fields : std::false_type {};
template <class T>
struct has_fields<T, std::void_t<decltype(std::declval<T&>().fields(std::declval<AnyVisitor&>()))>> : std::true_type {};
template <class T>
struct is_variant : std::false_type {};
template <class... A>
struct is_variant<std::variant<A...>> : std::true_type {};
template <class T>
struct is_list : std::false_type {};
template <class T>
struct is_list<std::vector<T>> : std::true_type {};
template <class T>
struct is_named : std::false_type {};
template <class T>
struct is_named<Named<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

// A type with its own notation: `void read(const Value&, const std::string& path)` and `Value write() const`.
template <class T, class = void>
struct reads_itself : std::false_type {};
template <class T>
struct reads_itself<T, std::void_t<decltype(std::declval<T&>().read(std::declval<const Value&>(), std::string()))>> : std::true_type {};

// Scalars: false when the text is not of that kind.
bool parse(const std::string& scalar, bool& out);
bool parse(const std::string& scalar, int& out);
bool parse(const std::string& scalar, int64_t& out);
bool parse(const std::string& scalar, double& out);
bool parse(const std::string& scalar, std::string& out);
std::string print(bool value);
std::string print(int value);
std::string print(int64_t value);
std::string print(double value);  // shortest text that reads back the same
std::string print(const std::string& value);

class Reader {
 public:
  Reader(const Value& value, std::string path) : value_(value), path_(std::move(path)) {
    if (value.kind != Value::Kind::kMap && value.kind != Value::Kind::kNull) fail(value.where(), path_, " must be a table of fields");
  }

  template <class T, class Check = Any>
  void operator()(const char* key, T& out, const Check& check = {}, const char* /*help*/ = "") {
    known_.push_back(key);
    const Value* value = value_.find(key);
    if (!value || value->kind == Value::Kind::kNull) return;
    const std::string path = path_.empty() ? key : path_ + "." + key;
    read(*value, out, path);
    verify(*value, out, check, path);
  }

  void finish() const {
    for (const auto& [key, value] : value_.fields) {
      if (key == "type" || std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      fail(value.where(), path_.empty() ? "the config" : path_, " has no field '", key, "'", hint(key, known_));
    }
  }

  template <class T>
  static void read(const Value& value, T& out, const std::string& path) {
    if constexpr (has_fields<T>::value) {
      Reader reader(value, path);
      out.fields(reader);
      reader.finish();
    } else if constexpr (reads_itself<T>::value) {
      out.read(value, path);
    } else if constexpr (is_variant<T>::value) {
      const Value* type = value.find("type");
      if (!type) {  // the current alternative's fields may be given without repeating its type
        std::visit([&](auto& current) { read(value, current, path); }, out);
      } else {
        read_alternative<0>(value, type->scalar, out, path, {});
      }
    } else if constexpr (is_named<T>::value) {
      if (value.kind != Value::Kind::kMap) fail(value.where(), path, " must be a table of names and what they hold");
      out.clear();
      for (const auto& [key, item] : value.fields) {
        out.emplace_back(key, typename T::value_type::second_type{});
        read(item, out.back().second, path + "." + key);
      }
    } else if constexpr (is_list<T>::value) {
      if (value.kind != Value::Kind::kList) fail(value.where(), path, " must be a list");
      out.assign(value.items.size(), {});
      for (size_t i = 0; i < out.size(); ++i) read(value.items[i], out[i], text(path, ".", i));
    } else if constexpr (is_map<T>::value) {
      if (value.kind != Value::Kind::kMap) fail(value.where(), path, " must be a table of names and values");
      out.clear();
      for (const auto& [key, item] : value.fields) read(item, out[key], path + "." + key);
    } else {
      if (value.kind != Value::Kind::kScalar || !parse(value.scalar, out))
        fail(value.where(), path, ": '", value.scalar, "' is not ", kind_of(out));
    }
  }

 private:
  template <size_t I, class V>
  static void read_alternative(const Value& value, const std::string& type, V& out, const std::string& path, std::vector<std::string> seen) {
    if constexpr (I == std::variant_size_v<V>) {
      fail(value.where(), path, ": unknown type '", type, "'", hint(type, seen));
    } else {
      using T = std::variant_alternative_t<I, V>;
      if (type != T::kType) {
        seen.push_back(T::kType);
        return read_alternative<I + 1>(value, type, out, path, seen);
      }
      T chosen;
      read(value, chosen, path);
      out = std::move(chosen);
    }
  }

  static const char* kind_of(bool) { return "true or false"; }
  static const char* kind_of(int) { return "a whole number"; }
  static const char* kind_of(int64_t) { return "a whole number"; }
  static const char* kind_of(double) { return "a number"; }
  static const char* kind_of(const std::string&) { return "a text"; }

  template <class T>
  static void verify(const Value&, const T&, Any, const std::string&) {}
  template <class T>
  static void verify(const Value& value, const std::vector<T>& list, const Range& range, const std::string& path) {
    for (size_t i = 0; i < list.size(); ++i) verify(value.items[i], list[i], range, text(path, ".", i));
  }
  template <class T>
  static std::enable_if_t<std::is_arithmetic_v<T>> verify(const Value& value, const T& number, const Range& range, const std::string& path) {
    if (number >= range.low && number <= range.high) return;
    if (range.high >= 1e300) fail(value.where(), path, ": ", value.scalar, " must be at least ", range.low);
    fail(value.where(), path, ": ", value.scalar, " is outside [", range.low, ", ", range.high, "]");
  }
  template <class T>  // of a table, the keys are checked
  static void verify(const Value& value, const std::map<std::string, T>&, const OneOf<std::string>& allowed, const std::string& path) {
    for (const auto& [key, item] : value.fields)
      if (std::find(allowed.allowed.begin(), allowed.allowed.end(), key) == allowed.allowed.end())
        fail(item.where(), path, ": unknown name '", key, "'", hint(key, allowed.allowed));
  }
  template <class T, class U>
  static void verify(const Value& value, const std::vector<T>& list, const OneOf<U>& allowed, const std::string& path) {
    for (size_t i = 0; i < list.size(); ++i) verify(value.items[i], list[i], allowed, text(path, ".", i));
  }
  template <class U>
  static void verify(const Value& value, const U& found, const OneOf<U>& allowed, const std::string& path) {
    if (std::find(allowed.allowed.begin(), allowed.allowed.end(), found) != allowed.allowed.end()) return;
    std::vector<std::string> names;
    for (const U& a : allowed.allowed) names.push_back(print(a));
    fail(value.where(), path, ": unknown value '", value.scalar, "'", hint(value.scalar, names));
  }

  const Value& value_;
  std::string path_;
  std::vector<std::string> known_;
};

// The whole document into one struct; `T::fields` is its schema.
template <class T>
T read(const Value& root) {
  T out;
  Reader::read(root, out, "");
  return out;
}

}  // namespace nr::config
