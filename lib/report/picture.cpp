#include "report/picture.h"

#include <png.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace nr::report {

std::array<unsigned char, 3> heat(double level) {
  static constexpr double kStops[][3] = {{6, 7, 22},    {38, 22, 84},   {93, 28, 117},  {155, 44, 112},
                                         {212, 72, 84}, {244, 125, 66}, {250, 188, 94}, {252, 246, 205}};
  constexpr int kLast = std::size(kStops) - 1;
  const double position = std::clamp(level, 0.0, 1.0) * kLast;
  const int below = std::min(static_cast<int>(position), kLast - 1);
  std::array<unsigned char, 3> out;
  for (int c = 0; c < 3; ++c)
    out[c] = static_cast<unsigned char>(
        std::lround(kStops[below][c] + (position - below) * (kStops[below + 1][c] - kStops[below][c])));
  return out;
}

std::vector<unsigned char> heat_png(const std::vector<float>& values, int columns, int rows, double low, double high) {
  if (columns < 1 || rows < 1 || values.size() != static_cast<size_t>(columns) * rows)
    fail("a picture of ", columns, " columns and ", rows, " rows needs ", static_cast<long>(columns) * rows,
         " values, found ", values.size());
  constexpr int kColours = 64;  // enough for the eye, and PNG packs them well
  std::vector<unsigned char> pixels(values.size()), palette;
  for (int i = 0; i < kColours; ++i)
    for (const unsigned char c : heat(i / (kColours - 1.0))) palette.push_back(c);
  for (int x = 0; x < columns; ++x)
    for (int y = 0; y < rows; ++y) {
      const double level = (values[static_cast<size_t>(x) * rows + y] - low) / (high - low);
      pixels[static_cast<size_t>(rows - 1 - y) * columns + x] =
          static_cast<unsigned char>(std::lround(std::clamp(level, 0.0, 1.0) * (kColours - 1)));
    }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = columns, image.height = rows;
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = kColours;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<unsigned char> out(size);
  if (!png_image_write_to_memory(&image, out.data(), &size, 0, pixels.data(), 0, palette.data()))
    fail("libpng: ", image.message);
  out.resize(size);
  return out;
}

}  // namespace nr::report
