#include "evaluation/prior.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "nn/prior.h"
#include "support/errors.h"
#include "support/tiny_prior.h"

namespace nr {
namespace {
using testing::HasSubstr;

TEST(EvaluatePrior, ComparesItsLikelihoodOfTestClipsWithAPriorWithoutMemory) {
  const TemporaryFolder folder;
  train_tiny_run(folder);
  RunConfig config = read_run_config(tiny_prior(folder));
  config.training.phases[0].second.steps = 150, config.training.validate_every = 150;
  config.training.phases[0].second.optimisers[0].second.lr = 0.01;
  train(config, folder / "prior");
  std::filesystem::remove_all(folder / "run");  // its copy is in the prior's folder

  const RunResult result = measure_prior(folder / "prior", {});
  ASSERT_FALSE(result.clips.empty());
  EXPECT_EQ(result.facts.type, "prior");
  EXPECT_EQ(result.facts.step, 150);
  EXPECT_LT(result.find("prior_nats")->summary.mean, result.find("prior_marginal_nats")->summary.mean - 0.2);

  evaluate({folder / "prior"}, {});
  EXPECT_THAT(read_file(folder / "prior/evaluation/results.json"), HasSubstr("\"prior_nats\""));
  EXPECT_THAT(read_file(folder / "prior/evaluation/table.md"), HasSubstr("Prior without memory"));
}

TEST(EvaluatePrior, IsNotMixedWithModels) {
  const TemporaryFolder folder;
  train_tiny_run(folder);
  train(read_run_config(tiny_prior(folder)), folder / "prior");
  EXPECT_FALSE(is_prior(folder / "run"));
  EXPECT_THAT(error_of([&] { evaluate({folder / "prior", folder / "run"}, {}); }), HasSubstr("is no prior, but"));
  EXPECT_THAT(error_of([&] { evaluate({folder / "run", folder / "prior"}, {}); }), HasSubstr("holds a prior"));
}

}  // namespace
}  // namespace nr
