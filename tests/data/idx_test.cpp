#include "data/idx.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/files.h"
#include "data/stroke_digits.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

TEST(Idx, IsReadAsItWasWritten) {
  const TemporaryFolder folder;
  const ByteImages images{2, 3, {1, 2, 3, 4, 5, 6, 255, 0, 9, 8, 7, 6}};
  write_idx(folder / "images", images);
  const std::string bytes = read_file(folder / "images");
  EXPECT_EQ(bytes.substr(0, 16), std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x03", 16)) << "as MNIST's header";
  const ByteImages read = read_idx(folder / "images");
  EXPECT_EQ(read.rows, 2);
  EXPECT_EQ(read.columns, 3);
  EXPECT_EQ(read.pixels, images.pixels);
}

TEST(Idx, IsRefusedWhereItIsNone) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_file(folder / "x", bytes);
    return error_of([&] { read_idx(folder / "x"); });
  };
  const std::string header("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02", 16),
      labels("\0\0\x08\x01\0\0\0\x02\0\0\0\x02____", 16);
  EXPECT_EQ(error(header + "12345678"), "no error");
  EXPECT_THAT(error("abc"), HasSubstr("x: 3 bytes; expected an IDX file, whose header has 16"));
  EXPECT_THAT(error(labels), HasSubstr("magic number 00000801; expected 00000803"));
  EXPECT_THAT(error(header + "1234567"), HasSubstr("7 bytes of pixels; its header announces 8"));
  EXPECT_THAT(error(header + "123456789"), HasSubstr("9 bytes of pixels; its header announces 8"));
  EXPECT_THAT(error(std::string("\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16)),
              HasSubstr("expected 1 to 4096 each way"));
}

// Digits of one class are nearer to one another than to those of others.
TEST(StrokeDigits, LookAlikeWithinAClass) {
  const ByteImages digits = draw_digits(400, 1);
  ASSERT_EQ(digits.count(), 400u);
  EXPECT_EQ(draw_digits(400, 1).pixels, digits.pixels);
  EXPECT_NE(draw_digits(400, 2).pixels, digits.pixels);
  const auto distance = [&](size_t a, size_t b) {
    double sum = 0;
    for (size_t i = 0; i < 784; ++i)
      sum += std::pow(digits.pixels[784 * a + i] - digits.pixels[784 * b + i], 2);
    return sum;
  };
  int right = 0;
  for (size_t a = 0; a < 400; ++a) {
    size_t best = a ? 0 : 1;
    for (size_t b = 0; b < 400; ++b)
      if (b != a && distance(a, b) < distance(a, best)) best = b;
    right += best % 10 == a % 10;
  }
  EXPECT_GT(right, 340) << "of 400 by the nearest neighbour";
}

}  // namespace
}  // namespace nr
