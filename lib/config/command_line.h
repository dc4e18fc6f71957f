// A struct's fields as options of a command line: its own list gives their names, defaults, ranges and help.
//   v("loop_seconds", loop_seconds, at_least(0.1), "of the loop in the header")
// becomes --loop-seconds. The Reader checks what is given, so the errors are those of a config file.
// Tables, variants and all else that is neither a scalar nor a list of scalars get no option.
#pragma once
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"

namespace nr::config {

class CommandLine {
 public:
  CommandLine(CLI::App& app, std::vector<std::string> needed) : app_(app), needed_(std::move(needed)) {}

  template <class T, class Check = Any>
  void operator()(const char* key, T& out, const Check& check = {}, const char* help = "") {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', '-');
    if (!std::count(needed_.begin(), needed_.end(), name)) name = "--" + name;  // else it is given by its place
    CLI::Option* option = nullptr;
    if constexpr (std::is_same_v<T, bool>)
      option = app_.add_flag(name, out, help);
    else if constexpr (is_scalar<T>)
      option = add<T>(name, out, check, help, print(out));
    else if constexpr (is_list<T>::value)
      if constexpr (is_scalar<typename T::value_type>) {
        std::vector<std::string> items;
        for (const auto& item : out) items.push_back(print(item));
        option = add<typename T::value_type>(name, out, check, help, join(items));
        option->expected(CLI::detail::expected_max_vector_size);
      }
    const auto at = std::find(needed_.begin(), needed_.end(), name);
    if (option && at != needed_.end()) option->required(), needed_.erase(at);
  }

  void finish() const {
    if (!needed_.empty()) fail("command line: '", needed_.front(), "' must be given but is no option");
  }

 private:
  template <class T>
  static constexpr bool is_scalar = std::is_arithmetic_v<T> || std::is_same_v<T, std::string>;

  template <class Item, class T, class Check>
  CLI::Option* add(const std::string& name, T& out, const Check& check, std::string help, const std::string& unless) {
    for (const std::string& more : {range_of(check), unless.empty() ? "" : "default " + unless})
      if (!more.empty()) help += (help.empty() ? "" : "; ") + more;
    const auto read = [name, &out, check](const CLI::results_t& given) {
      Value fields;
      Value& value = fields[name] = as_value(given.front());
      if (is_list<T>::value) {
        value.kind = Value::Kind::kList;
        for (const std::string& item : given) value.items.push_back(as_value(item));
      }
      try {
        Reader(fields, "")(name.c_str(), out, check);
      } catch (const Error& error) {
        throw CLI::ValidationError(error.what());
      }
      return true;
    };
    return app_.add_option(name, read, help)
        ->type_name(std::is_integral_v<Item> ? "INT" : std::is_floating_point_v<Item> ? "NUMBER" : "TEXT");
  }

  static Value as_value(const std::string& given) {
    Value out = scalar(given);
    out.file = "command line";
    return out;
  }

  static std::string range_of(Any) { return ""; }
  static std::string range_of(const Range& r) {
    return r.high >= 1e300 ? "at least " + print(r.low) : "from " + print(r.low) + " to " + print(r.high);
  }
  template <class T>
  static std::string range_of(const OneOf<T>& one) {
    std::vector<std::string> names;
    for (const T& value : one.allowed) names.push_back(print(value));
    return join(names, " | ");
  }

  CLI::App& app_;
  std::vector<std::string> needed_;
};

// `needed`: what must be given, by its place ("run") or by its name ("--output"). `config` outlives the parsing.
template <class T>
void add_options(CLI::App& app, T& config, const std::vector<std::string>& needed = {}) {
  CommandLine line(app, needed);
  config.fields(line);
  line.finish();
}

}  // namespace nr::config
