#include "training/standing.h"

#include <gmock/gmock.h>

namespace nr {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A made-up journal: at each look the trained and the validated loss, and what else stands in its lines.
struct MadeUp {
  History history{"validation/", "stft", 12};
  int64_t step = 0;
  std::vector<std::string> all;

  void look(double trained, double validated, std::map<std::string, double> more = {}) {
    more["autoencoder/stft"] = trained - 0.1;
    for (int i = 0; i < 2; ++i) add(more), more["autoencoder/stft"] += 0.2;  // its mean is `trained`
    step += 10;
    add({{"validation/stft", validated}});
  }
  void add(const std::map<std::string, double>& numbers) {
    for (const std::string& line : history.add(step, "first", numbers)) all.push_back(line);
  }
};

TEST(Standing, OfARunThatLearnsIsSilent) {
  MadeUp run;
  for (int i = 0; i < 30; ++i)
    run.look(3 - 0.05 * i, 3.2 - 0.04 * i + (i % 2 ? 0.03 : 0),
             {{"latent/nats", 20}, {"d/adversarial_discriminator", 9}});
  EXPECT_THAT(run.all, IsEmpty());
}

TEST(Standing, SaysOnceThatValidationRisesWhileTrainingFalls) {
  MadeUp run;
  for (int i = 0; i < 5; ++i) run.look(3 - 0.1 * i, 3 - 0.1 * i);
  for (int i = 0; i < 4; ++i) run.look(2.5 - 0.1 * i, 2.65 + 0.05 * i);
  EXPECT_THAT(run.all, IsEmpty()) << "four validations are too few";
  for (int i = 4; i < 12; ++i) run.look(2.5 - 0.1 * i, 2.65 + 0.05 * i);
  EXPECT_THAT(run.all, ElementsAre(AllOf(
                           HasSubstr("validation/stft has risen since step 50 (2.6, since then 2.75) while training's "
                                     "fell (2.6 to 2.1): the model learns its clips by heart"),
                           HasSubstr("best_first.safetensors"))));
}

TEST(Standing, AStandstillIsNoRise) {
  MadeUp run;
  for (int i = 0; i < 30; ++i) run.look(3 - 0.05 * i, 2 + (i % 3 ? 0.01 : 0));
  EXPECT_THAT(run.all, IsEmpty());
}

TEST(Standing, SaysThatBothRise) {
  MadeUp run;
  for (int i = 0; i < 12; ++i) run.look(2 + 0.1 * i, 2 + 0.1 * i);
  EXPECT_THAT(run.all, ElementsAre(HasSubstr("validation/stft and training's have both risen since step 10")));
}

TEST(Standing, SaysThatTheLatentCollapsedAndAgainWhenItDoesAgain) {
  MadeUp run;
  for (const double nats : {5.0, 1.0, 0.3, 0.2, 7.0, 0.9}) run.look(2, 2, {{"latent/nats", nats}});
  EXPECT_THAT(run.all, ElementsAre(HasSubstr("the latent carries 0.3 nats a frame"),
                                   AllOf(HasSubstr("carries 0.9 nats"), HasSubstr("lower the weight of kl"))));
}

TEST(Standing, WithoutValidationASurveyIsALook) {
  History history("latent/", "stft", 12);
  EXPECT_THAT(history.add(4, "first", {{"autoencoder/stft", 1}}), IsEmpty());
  EXPECT_THAT(history.add(4, "first", {{"latent/nats", 0.5}, {"latent/kl_000", 0.5}}),
              ElementsAre(HasSubstr("the latent carries 0.5 nats")));
  EXPECT_EQ(history.looks().back().numbers.count("latent/kl_000"), 0u);
}

TEST(Standing, SaysThatTheDiscriminatorWinsAfterThreeLooks) {
  MadeUp run;
  for (int i = 0; i < 3; ++i) run.look(2, 2, {{"d/adversarial_discriminator", 6}});
  for (int i = 0; i < 2; ++i) run.look(2, 2, {{"d/adversarial_discriminator", 0.1}});
  EXPECT_THAT(run.all, IsEmpty());
  run.look(2, 2, {{"d/adversarial_discriminator", 0.5}});
  EXPECT_THAT(run.all, ElementsAre(HasSubstr("the discriminator knows decoded sound from real every time (its loss is "
                                             "0.5, of 12 when it cannot tell)")));
}

TEST(Standing, AnotherPhaseBeginsAnew) {
  MadeUp run;
  for (int i = 0; i < 9; ++i) run.look(3, 2 - 0.1 * i);
  for (int i = 0; i < 4; ++i) run.history.add(1000 + i, "second", {{"autoencoder/stft", 1}, {"validation/stft", 9}});
  EXPECT_EQ(run.history.looks().size(), 4u);
  EXPECT_THAT(run.all, IsEmpty());
}

}  // namespace
}  // namespace nr
