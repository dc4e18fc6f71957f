#include "data/stroke_digits.h"

#include <algorithm>
#include <cmath>

namespace nr {
namespace {

constexpr int kSide = 28;

struct Point {
  double x, y;  // the middle of the digit is 0, its height 2; y goes down
};
using Stroke = std::vector<Point>;

// From one angle to another, degrees clockwise from the right.
void arc(Stroke& to, Point centre, double width, double height, double from, double end) {
  const int steps = 12;
  for (int i = 0; i <= steps; ++i) {
    const double a = (from + (end - from) * i / steps) * M_PI / 180;
    to.push_back({centre.x + width * std::cos(a), centre.y + height * std::sin(a)});
  }
}

std::vector<Stroke> strokes_of(int digit) {
  std::vector<Stroke> out(1);
  Stroke& s = out[0];
  switch (digit) {
    case 0: arc(s, {0, 0}, 0.6, 1, 0, 360); break;
    case 1: s = {{-0.3, -0.7}, {0.05, -1}, {0.05, 1}}; break;
    case 2:
      arc(s, {0, -0.45}, 0.55, 0.55, 190, 380);
      s.push_back({-0.6, 1}), s.push_back({0.65, 1});
      break;
    case 3:
      arc(s, {0, -0.5}, 0.5, 0.5, 200, 450);
      arc(s, {0, 0.5}, 0.6, 0.5, 270, 520);
      break;
    case 4: out = {{{0.3, 1}, {0.3, -1}, {-0.65, 0.35}, {0.7, 0.35}}}; break;
    case 5:
      s = {{0.55, -1}, {-0.45, -1}, {-0.5, -0.1}};
      arc(s, {-0.02, 0.4}, 0.6, 0.6, 235, 500);
      break;
    case 6:
      s = {{0.4, -1}, {-0.2, -0.5}};
      arc(s, {0, 0.4}, 0.55, 0.6, 200, 560);
      break;
    case 7: s = {{-0.6, -1}, {0.6, -1}, {-0.1, 1}}; break;
    case 8:
      arc(s, {0, -0.5}, 0.45, 0.5, 90, 450);
      arc(s, {0, 0.5}, 0.55, 0.5, 270, 630);
      break;
    default:
      arc(s, {0, -0.4}, 0.55, 0.6, 20, 380);
      s.push_back({0.4, 1});
  }
  return out;
}

double distance(Point p, Point a, Point b) {
  const double x = b.x - a.x, y = b.y - a.y, square = x * x + y * y;
  const double t = square > 0 ? std::clamp(((p.x - a.x) * x + (p.y - a.y) * y) / square, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * x, p.y - a.y - t * y);
}

}  // namespace

std::vector<uint8_t> draw_digit(int digit, Random& random) {
  const double turn = random.uniform(-0.25, 0.25), shear = random.uniform(-0.25, 0.25);
  const double wide = random.uniform(7, 9.5), high = random.uniform(8, 10);  // pixels
  const double right = kSide / 2.0 + random.uniform(-1.5, 1.5), down = kSide / 2.0 + random.uniform(-1.5, 1.5);
  const double pen = random.uniform(0.8, 1.7), soft = random.uniform(0.7, 1.3);
  std::vector<Stroke> strokes = strokes_of(digit);
  for (Stroke& stroke : strokes)
    for (Point& p : stroke) {
      const double x = wide * (p.x + shear * p.y + random.uniform(-0.04, 0.04)),
                   y = high * (p.y + random.uniform(-0.04, 0.04));
      p = {right + std::cos(turn) * x - std::sin(turn) * y, down + std::sin(turn) * x + std::cos(turn) * y};
    }
  std::vector<uint8_t> out(size_t(kSide) * kSide);
  for (int row = 0; row < kSide; ++row)
    for (int column = 0; column < kSide; ++column) {
      double nearest = kSide;
      for (const Stroke& stroke : strokes)
        for (size_t i = 1; i < stroke.size(); ++i)
          nearest = std::min(nearest, distance({column + 0.5, row + 0.5}, stroke[i - 1], stroke[i]));
      const double ink = std::clamp((pen + soft - nearest) / soft, 0.0, 1.0);
      out[size_t(row * kSide + column)] = uint8_t(std::lround(255 * ink));
    }
  return out;
}

ByteImages draw_digits(size_t count, uint64_t seed) {
  ByteImages out{kSide, kSide, {}};
  for (size_t i = 0; i < count; ++i) {
    Random random(seed, i);
    const std::vector<uint8_t> digit = draw_digit(int(i % 10), random);
    out.pixels.insert(out.pixels.end(), digit.begin(), digit.end());
  }
  return out;
}

}  // namespace nr
