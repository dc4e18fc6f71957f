#include "effects/labels.h"

#include <gmock/gmock.h>

#include <cmath>

#include "config/value.h"
#include "support/errors.h"

namespace nr {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;

ChainConfig chain(const std::string& yaml) { return read_chain(config::parse_text(yaml, "chain.yaml")); }

const char* const kTwoPlaces =
    "effects:\n"
    "  - one_of: [{tanh: {drive: [0, 10]}}, {hard_clip: {drive: [5, 20], mix: [0, 1]}}, {tanh: {drive: [20, 30]}}]\n"
    "  - low_pass: {cutoff: [100, 1000]}\n"
    "    probability: 0.5\n";

std::vector<std::string> names(const ChainLabels& labels) {
  std::vector<std::string> out;
  for (const SynthParameter& p : labels.columns()) out.push_back(p.name);
  return out;
}

struct Known {
  std::vector<float> values, known;
  Known(const ChainLabels& labels, const Links& links)
      : values(labels.columns().size()), known(labels.columns().size()) {
    labels.of(links, values.data(), known.data());
  }
};

TEST(ChainLabels, HaveAColumnForWhatIsDrawn) {
  const ChainLabels labels(chain(kTwoPlaces));
  EXPECT_THAT(names(labels),
              ElementsAre("effect", "tanh.drive", "hard_clip.drive", "hard_clip.mix", "effect_2", "low_pass.cutoff"));
  EXPECT_THAT(labels.columns()[0].choices, ElementsAre("tanh", "hard_clip")) << "each kind once";
  EXPECT_THAT(labels.columns()[4].choices, ElementsAre("none", "low_pass"));
  EXPECT_THAT(labels.choices(), ElementsAre(0, 4));
  EXPECT_EQ(labels.columns()[1].high, 40) << "the effect's whole range, so that other chains share its positions";
  EXPECT_THAT(names(ChainLabels(chain("effects: [{tanh: {drive: [0, 1]}}, {tanh: {drive: [2, 3]}}]"))),
              ElementsAre("tanh.drive", "tanh.drive_2"))
      << "an effect that is always there is no choice";
}

TEST(ChainLabels, SayWhatIsInIt) {
  const ChainLabels labels(chain(kTwoPlaces));
  const Known one(labels, {{&effects().at("hard_clip"), {10, 0}, 0.25, 0}});
  EXPECT_THAT(one.values, ElementsAre(1, 0, 10, 0.25, 0, 0));
  EXPECT_THAT(one.known, ElementsAre(1, 0, 1, 1, 1, 0)) << "nothing in the second place is known too";
  const Known both(labels, {{&effects().at("tanh"), {25}, 1, 0}, {&effects().at("low_pass"), {500}, 1, 1}});
  EXPECT_THAT(both.values, ElementsAre(0, 25, 0, 0, 1, 500));
  EXPECT_THAT(both.known, ElementsAre(1, 1, 0, 0, 1, 1));
  const Known other(labels, {{&effects().at("cubic"), {0.5, 0}, 1, 0}});
  EXPECT_THAT(other.known, ElementsAre(0, 0, 0, 0, 1, 0)) << "an effect that this chain does not have";
}

TEST(ChainLabels, GiveBackTheLinksOfEveryDraw) {
  const ChainConfig config = chain(kTwoPlaces);
  const ChainLabels labels(config);
  for (int i = 0; i < 50; ++i) {
    Random draw(config.seed, i);
    const Links links = draw_links(config, draw);
    const Known known(labels, links);
    const Links again = labels.links(known.values.data());
    ASSERT_EQ(describe(again), describe(links));
    const std::vector<bool> present = labels.present(known.values.data());
    for (size_t c = 0; c < present.size(); ++c) EXPECT_EQ(present[c], known.known[c] == 1) << c;
  }
}

TEST(ChainLabels, AreRefusedWhereNothingCanBeLearned) {
  EXPECT_THAT(error_of([] { ChainLabels(chain("order: drawn\neffects: [{tanh: {drive: [0, 1]}}]")); }),
              HasSubstr("order: drawn, but what is learned of a chain does not say its order"));
  EXPECT_THAT(error_of([] { ChainLabels(chain("effects: [{tanh: {drive: 3}}]")); }), HasSubstr("nothing is drawn"));
}

}  // namespace
}  // namespace nr
