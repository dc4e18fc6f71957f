#include "report/picture.h"

#include <gtest/gtest.h>
#include <png.h>

#include "support/errors.h"

namespace nr::report {
namespace {

struct Decoded {
  int width, height;
  std::vector<unsigned char> rgb;
};

Decoded decode(const std::vector<unsigned char>& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) return {0, 0, {}};
  image.format = PNG_FORMAT_RGB;
  std::vector<unsigned char> rgb(PNG_IMAGE_SIZE(image));
  png_image_finish_read(&image, nullptr, rgb.data(), 0, nullptr);
  return {static_cast<int>(image.width), static_cast<int>(image.height), rgb};
}

int brightness(const Decoded& d, int x, int y) {
  const unsigned char* p = &d.rgb[3 * (static_cast<size_t>(y) * d.width + x)];
  return p[0] + p[1] + p[2];
}

TEST(HeatPng, PutsTimeToTheRightAndTheFirstRowAtTheBottom) {
  const Decoded d = decode(heat_png({0, 0.5f, /* second column */ 0.25f, 1}, 2, 2, 0, 1));
  ASSERT_EQ(d.width, 2);
  ASSERT_EQ(d.height, 2);
  EXPECT_LT(brightness(d, 0, 1), brightness(d, 1, 1));
  EXPECT_LT(brightness(d, 1, 1), brightness(d, 0, 0));
  EXPECT_LT(brightness(d, 0, 0), brightness(d, 1, 0));
}

TEST(HeatPng, ClipsWhatLiesOutsideItsRange) {
  const Decoded d = decode(heat_png({-100, 0, 1, 100}, 4, 1, 0, 1));
  EXPECT_EQ(brightness(d, 0, 0), brightness(d, 1, 0));
  EXPECT_EQ(brightness(d, 2, 0), brightness(d, 3, 0));
}

TEST(HeatPng, IsMuchSmallerThanItsPixels) {
  EXPECT_LT(heat_png(std::vector<float>(300 * 96, 0.3f), 300, 96, 0, 1).size(), 2000u);
}

TEST(HeatPng, RefusesAPictureOfAnotherSize) {
  EXPECT_EQ(error_of([] {
              heat_png({1, 2, 3}, 2, 2, 0, 1);
            }),
            "a picture of 2 columns and 2 rows needs 4 values, found 3");
}

TEST(Heat, RisesEvenlyInLightness) {
  double last = -1;
  for (int i = 0; i <= 20; ++i) {
    const auto c = heat(i / 20.0);
    const double light = 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
    EXPECT_GT(light, last) << i;
    last = light;
  }
}

}  // namespace
}  // namespace nr::report
