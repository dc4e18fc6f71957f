#include "run/schedule.h"

#include <gtest/gtest.h>

#include "config/writer.h"
#include "support/errors.h"

namespace nr {
namespace {

struct Holder {
  Schedule weight;
  template <class V>
  void fields(V& v) {
    v("weight", weight);
  }
};

Schedule parsed(const std::string& yaml) { return config::read<Holder>(config::parse_text("weight: " + yaml, "x.yaml")).weight; }

TEST(Schedule, ANumberIsConstant) {
  EXPECT_EQ(parsed("0.5").at(0), 0.5);
  EXPECT_EQ(parsed("0.5").at(1000), 0.5);
}

TEST(Schedule, ARampWaitsThenRisesThenHolds) {
  const Schedule beta = parsed("{ramp: [0, 0.1, 5000, 10000]}");
  EXPECT_EQ(beta.at(5000), 0);
  EXPECT_DOUBLE_EQ(beta.at(7500), 0.05);
  EXPECT_EQ(beta.at(20000), 0.1);
  EXPECT_DOUBLE_EQ(parsed("{ramp: [2, 0, 10]}").at(5), 1);
}

TEST(Schedule, ALogRampIsLinearInTheLogarithm) {
  const Schedule beta = parsed("{ramp: [1e-6, 0.01, 20000, log]}");
  EXPECT_DOUBLE_EQ(beta.at(0), 1e-6);
  EXPECT_NEAR(beta.at(10000), 1e-4, 1e-12);
  EXPECT_DOUBLE_EQ(beta.at(30000), 0.01);
}

TEST(Schedule, ReadsBackWhatItDumps) {
  for (const char* yaml : {"0.25", "{ramp: [0, 0.1, 5, 10]}", "{ramp: [0.001, 0.1, 5, 10, log]}"}) {
    const std::string dumped = config::dump(Holder{parsed(yaml)});
    EXPECT_EQ(config::dump(config::read<Holder>(config::parse_text(dumped))), dumped);
  }
}

TEST(Schedule, RefusesOtherNotations) {
  EXPECT_EQ(error_of([] { parsed("{rmp: [0, 1, 2]}"); }), "x.yaml:1: weight must be a number or {ramp: [from, to, start, end]}");
  EXPECT_EQ(error_of([] { parsed("{ramp: [0, 1, 9, 2]}"); }),
            "x.yaml:1: weight.ramp must be [from, to, steps] or [from, to, start, end] with 0 <= start <= end, and may end with log");
  EXPECT_EQ(error_of([] { parsed("{ramp: [0, 1, 9, log]}"); }), "x.yaml:1: weight.ramp: 0 to 1, but logarithms need positive ends");
  EXPECT_EQ(error_of([] { parsed("often"); }), "x.yaml:1: weight: 'often' is not a number");
}

}  // namespace
}  // namespace nr
