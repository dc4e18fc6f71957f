// The wire format of protocol buffers: fields one after another, each a number and a varint, four or eight
// bytes, or bytes.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"

namespace nr {

class ProtobufWriter {
 public:
  ProtobufWriter& integer(int field, int64_t value) { return tag(field, 0), varint(uint64_t(value)), *this; }
  ProtobufWriter& number(int field, float value) { return fixed<uint32_t>(field, 5, value); }
  ProtobufWriter& number(int field, double value) { return fixed<uint64_t>(field, 1, value); }
  ProtobufWriter& bytes(int field, std::string_view value) {
    return tag(field, 2), varint(value.size()), out_ += value, *this;
  }
  ProtobufWriter& message(int field, const ProtobufWriter& value) { return bytes(field, value.out_); }
  const std::string& text() const { return out_; }

 private:
  template <class Bits, class T>
  ProtobufWriter& fixed(int field, int kind, T value) {
    Bits bits;
    std::memcpy(&bits, &value, sizeof bits);
    tag(field, kind);
    for (size_t i = 0; i < sizeof bits; ++i, bits >>= 8) out_ += char(bits & 255);
    return *this;
  }
  void tag(int field, int kind) { varint(uint64_t(field) << 3 | uint64_t(kind)); }
  void varint(uint64_t value) {
    for (; value > 127; value >>= 7) out_ += char(value | 128);
    out_ += char(value);
  }
  std::string out_;
};

struct ProtobufField {
  int number = 0;
  int64_t integer = 0;  // a varint, or the bits of a float
  std::string_view bytes;

  float real() const {
    const auto bits = uint32_t(integer);
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
  }
};

// Every read is within the bytes, or an Error.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : left_(bytes) {}
  // The next field; false at the end.
  bool next(ProtobufField& field) {
    if (left_.empty()) return false;
    const uint64_t tag = varint();
    field = {int(tag >> 3), 0, {}};
    switch (tag & 7) {
      case 0:
        field.integer = int64_t(varint());
        return true;
      case 1:
        fixed(take(8), field);
        return true;
      case 2:
        field.bytes = take(varint());
        return true;
      case 5:
        fixed(take(4), field);
        return true;
      default:
        fail("is not a protocol buffer: field ", field.number, " is of kind ", tag & 7, ", expected 0, 1, 2 or 5");
    }
  }

 private:
  static void fixed(std::string_view raw, ProtobufField& field) {
    uint64_t bits = 0;
    for (size_t i = raw.size(); i-- > 0;) bits = bits << 8 | uint8_t(raw[i]);
    field.integer = int64_t(bits);
  }
  std::string_view take(uint64_t count) {
    if (count > left_.size())
      fail("is not a protocol buffer, or is cut short: ", count, " bytes wanted, ", left_.size(), " left");
    const std::string_view out = left_.substr(0, count);
    left_.remove_prefix(count);
    return out;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = uint8_t(take(1)[0]);
      value |= uint64_t(byte & 127) << shift;
      if (byte < 128) return value;
    }
    fail("is not a protocol buffer: a number has more than 10 bytes");
  }
  std::string_view left_;
};

}  // namespace nr
