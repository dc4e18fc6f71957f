#include "effects/knobs.h"

#include <gmock/gmock.h>

#include "config/value.h"
#include "support/errors.h"

namespace nr {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

ChainConfig chain(const std::string& yaml) { return read_chain(config::parse_text(yaml, "chain.yaml")); }

const char* const kTwoPlaces =
    "effects:\n"
    "  - one_of: [{tanh: {drive: [0, 30]}}, {wavefold: {drive: [0, 30]}}]\n"
    "  - ring_modulator: {frequency: [20, 2000], depth: [0, 1]}\n"
    "  - tanh: {drive: [5, 10]}\n";

TEST(Knobs, AreTheNamesOfWhatIsDrawn) {
  const Knobs knobs(chain(kTwoPlaces), 4);
  EXPECT_THAT(knobs.names(), ElementsAre("effect", "drive", "frequency", "depth", "drive_3"));
  EXPECT_THAT(knobs.choices(0), ElementsAre("tanh", "wavefold"));
  EXPECT_THAT(knobs.choices(1), ElementsAre());
  const Scale& drive = knobs.scales()[1];
  EXPECT_FALSE(drive.measured());
  EXPECT_STREQ(drive.unit(), "dB");
  EXPECT_EQ(drive.physical(-1), 0);
  EXPECT_EQ(drive.physical(1), 30) << "what is drawn, not all that the effect can do";
  EXPECT_EQ(drive.edges.size(), 3);
  EXPECT_EQ(drive.class_of(16), 2);
  const Scale& frequency = knobs.scales()[2];
  EXPECT_NEAR(frequency.physical(0), 200, 1e-2) << "logarithmic, as it is drawn";
  EXPECT_NEAR(frequency.normalise(2000), 1, 1e-6);
}

TEST(Knobs, StandForLinksAndBack) {
  const Knobs knobs(chain(kTwoPlaces), 4);
  Random draw(1);
  const Links links{{&effects().at("wavefold"), initial_values(effects().at("wavefold").parameters), 1, 0},
                    {&effects().at("ring_modulator"), {200, 0.25}, 1, 1},
                    {&effects().at("tanh"), {10}, 1, 2}};
  std::vector<float> at(5);
  knobs.of(links, draw, at.data());
  EXPECT_THAT(at, ElementsAre(1, FloatNear(float(12 / 15.0 - 1), 1e-6f), FloatNear(0, 1e-5f), -0.5f, 1));
  const Links again = knobs.links(at.data());
  ASSERT_EQ(again.size(), 3);
  EXPECT_STREQ(again[0].kind->name, "wavefold");
  EXPECT_NEAR(again[0].settings[0], 12, 1e-5);
  EXPECT_NEAR(again[1].settings[0], 200, 1e-2);
  EXPECT_NEAR(again[2].settings[0], 10, 1e-5);
}

TEST(Knobs, ThatAnEffectDoesNotReadAreDrawn) {
  const ChainConfig config = chain("effects: [{one_of: [{tanh: {drive: [0, 30]}}, {bit_crush: {bits: [4, 8]}}]}]");
  const Knobs knobs(config, 2);
  EXPECT_THAT(knobs.names(), ElementsAre("effect", "drive", "bits"));
  float least = 1, most = -1;
  for (int i = 0; i < 50; ++i) {
    Random draw(2, i);
    std::vector<float> at(3);
    knobs.of({{&effects().at("tanh"), {30}, 1, 0}}, draw, at.data());
    EXPECT_EQ(at[1], 1);
    least = std::min(least, at[2]), most = std::max(most, at[2]);
  }
  EXPECT_LT(least, -0.8);
  EXPECT_GT(most, 0.8);
}

TEST(Knobs, NeedOneRange) {
  const auto made = [] {
    Knobs(chain("effects: [{one_of: [{tanh: {drive: [0, 30]}}, {wavefold: {drive: [0, 20]}}]}]"), 4);
  };
  EXPECT_THAT(error_of(made), HasSubstr("tanh.drive and wavefold.drive are one knob, but are drawn from 0 to 30 and "
                                        "from 0 to 20; expected the same range, unit and law"));
}

}  // namespace
}  // namespace nr
