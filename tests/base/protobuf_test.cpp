// The reader and the writer of protocol buffers.
#include "base/protobuf.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace nr {
namespace {

TEST(Protobuf, ReadsWhatItWrites) {
  ProtobufWriter inside, out;
  inside.integer(3, -5).number(2, 0.75f);
  out.integer(1, 300).message(16, inside).bytes(7, "text").number(9, 0.1);
  ProtobufReader reader(out.text());
  ProtobufField field;
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.integer, 300);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.number, 16);
  ProtobufReader within(field.bytes);
  ProtobufField part;
  ASSERT_TRUE(within.next(part));
  EXPECT_EQ(part.integer, -5);
  ASSERT_TRUE(within.next(part));
  EXPECT_EQ(part.real(), 0.75f);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.bytes, "text");
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.number, 9);
  EXPECT_EQ(field.integer, 0x3fb999999999999a);  // IEEE 754's bits of 0.1
  EXPECT_FALSE(reader.next(field));
}

TEST(Protobuf, RefusesBytesThatAreNone) {
  const auto error = [](std::string_view bytes) {
    return error_of([&] {
      ProtobufReader reader(bytes);
      for (ProtobufField field; reader.next(field);) {}
    });
  };
  const std::string bytes = ProtobufWriter().bytes(1, "four").text();
  EXPECT_EQ(error(std::string_view(bytes).substr(0, 4)),
            "is not a protocol buffer, or is cut short: 4 bytes wanted, 2 left");
  EXPECT_EQ(error("\x0b"), "is not a protocol buffer: field 1 is of kind 3, expected 0, 1, 2 or 5");
  EXPECT_EQ(error(std::string(11, '\xff')), "is not a protocol buffer: a number has more than 10 bytes");
}

}  // namespace
}  // namespace nr
