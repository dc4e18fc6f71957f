// Players scale controls as descriptors' Scale does.
#include "export/runtime/control_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "descriptors/scale.h"

namespace nr {
namespace {

TEST(ControlScale, Log2IsExactToAMillionth) {
  for (double x = 1e-30; x < 1e30; x *= 1.0173)
    ASSERT_NEAR(log2_of(float(x)), std::log2(double(float(x))), 1e-6 * std::max(1.0, std::fabs(std::log2(x)))) << x;
  for (const float none : {0.0f, -1.0f, std::nanf(""), 1e-40f}) EXPECT_EQ(log2_of(none), -127);
}

TEST(ControlScale, GivesWhatTheDescriptorsScaleGives) {
  const struct {
    const char* name;
    float low, high;
    int warp;
  } rows[] = {
      {"pitch", 20, 5120, 2}, {"rms", 0.003f, 0.4f, 1}, {"centroid", 250, 5000, 2}, {"zero_crossings", 0, 1, 0}};
  for (const auto& row : rows) {
    const nr_control control{row.name, "", row.low, row.high, row.warp};
    const Warp unit = Warp(row.warp);
    Scale scale;
    scale.descriptor = row.name, scale.low = warp(unit, row.low), scale.high = warp(unit, row.high);
    for (int i = -5; i <= 105; ++i) {
      const float physical = float(unwarp(unit, scale.low + (scale.high - scale.low) * i / 100));
      EXPECT_NEAR(control_at(control, warped(control, physical)), scale.normalise(physical), 2e-6)
          << row.name << " " << i;
    }
    EXPECT_EQ(control_at(control, std::numeric_limits<float>::quiet_NaN()), -1);
  }
}

TEST(ControlScale, FindsControlsByTheirWholeName) {
  const nr_control controls[] = {{"pitch_bend", "", 0, 1, 0}, {"pitch", "", 0, 1, 0}};
  nr_model model{};
  model.n_controls = 2, model.controls = controls;
  EXPECT_EQ(control_named(model, "pitch"), 1);
  EXPECT_EQ(control_named(model, "pit"), -1);
  EXPECT_EQ(control_named(nr_model{}, "pitch"), -1);
}

}  // namespace
}  // namespace nr
