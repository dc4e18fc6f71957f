#include "losses/values.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "support/errors.h"

namespace nr {
namespace {

using Tensors = std::vector<torch::Tensor>;

struct Counted {
  Values values;
  std::vector<std::string> computed;  // in order
  Counted() {
    values.set("audio", torch::ones({2}));
    values.add({"mean", "std"}, [this] {
      computed.push_back("posterior");
      return Tensors{values["audio"] * 2, values["audio"] * 3};
    });
    values.add({"latent"}, [this] {
      computed.push_back("latent");
      return Tensors{values["mean"] + values["std"]};
    });
    values.add_for_update({"measured"}, {"latent"}, [this] {
      computed.push_back("measured");
      return Tensors{values["latent"].sum()};
    });
  }
};

TEST(Values, AreComputedWhenFirstAskedForAndOnce) {
  Counted c;
  EXPECT_TRUE(c.computed.empty());
  EXPECT_EQ(c.values["measured"].item<float>(), 10);
  EXPECT_EQ(c.values["std"][0].item<float>(), 3);
  EXPECT_EQ(c.values["measured"].item<float>(), 10);
  EXPECT_THAT(c.computed, testing::ElementsAre("measured", "latent", "posterior"));
}

TEST(Values, OfAStepAreComputedInTheSystemsOrderWhateverTheLossesOrder) {
  Counted c;
  c.values.compute({"latent", "decoder", "mean"});
  EXPECT_THAT(c.computed, testing::ElementsAre("posterior", "latent"));
}

TEST(Values, OfAnUpdateBringTheirSourcesIntoTheStepAndNoneIsComputedLater) {
  Counted c;
  c.values.compute({"measured"});
  EXPECT_THAT(c.computed, testing::ElementsAre("latent", "posterior"));
  Counted late;
  late.values.begin_update();
  EXPECT_THAT(error_of([&] { late.values["measured"]; }), testing::HasSubstr("value 'latent' is asked for in an update"));
}

TEST(Values, OfAnUpdateAreForgottenAtTheNextAndThoseOfTheStepAreNot) {
  Counted c;
  c.values["measured"];
  int made = 0;
  const auto shared = [&] { return c.values.once<int>("shared", [&] { return ++made; }); };
  EXPECT_EQ(shared(), 1);
  EXPECT_EQ(shared(), 1);
  c.computed.clear();
  c.values.begin_update();
  c.values["measured"];
  EXPECT_EQ(shared(), 2);
  EXPECT_THAT(c.computed, testing::ElementsAre("measured"));
}

TEST(Values, RefuseANameThatNothingProduces) {
  Counted c;
  EXPECT_THAT(error_of([&] { c.values["laten"]; }), testing::HasSubstr("no value 'laten' in this step (did you mean 'latent'?)"));
}

}  // namespace
}  // namespace nr
