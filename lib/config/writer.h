// Typed struct -> Value: every resolved field, defaults included; what a run directory and a checkpoint begin with.
#pragma once
#include "config/reader.h"

namespace nr::config {

class Writer {
 public:
  template <class T, class Check = Any>
  void operator()(const char* key, T& value, const Check& = {}, const char* /*help*/ = "") {
    root_[key] = write(value);
  }

  template <class T>
  static Value write(T& in) {
    Value value;
    if constexpr (has_fields<T>::value) {
      Writer writer;
      writer.root_.kind = Value::Kind::kMap;
      in.fields(writer);
      return writer.root_;
    } else if constexpr (reads_itself<T>::value) {
      return in.write();
    } else if constexpr (is_variant<T>::value) {
      return std::visit(
          [](auto& current) {
            Value out;
            out["type"] = scalar(std::decay_t<decltype(current)>::kType);
            for (auto& field : write(current).fields) out[field.first] = field.second;
            return out;
          },
          in);
    } else if constexpr (is_named<T>::value || is_map<T>::value) {
      value.kind = Value::Kind::kMap;
      for (auto& [key, item] : in) value[key] = write(item);
    } else if constexpr (is_list<T>::value) {
      value.kind = Value::Kind::kList;
      for (auto& item : in) value.items.push_back(write(item));
    } else {
      return scalar(print(in));
    }
    return value;
  }

 private:
  Value root_;
};

template <class T>
std::string dump(T config) {
  return dump(Writer::write(config));
}

}  // namespace nr::config
