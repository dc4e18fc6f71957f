// Synthesizer inference learns: better than the mean of the parameters, by regression and by flow matching.
#include <gmock/gmock.h>

#include "config/value.h"
#include "data/prepare.h"
#include "evaluation/journal.h"
#include "support/preset_set.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "training/train.h"

namespace nr {
namespace {

// Validation's parameter_error, first and lowest.
std::pair<double, double> errors_of(const std::string& config, const std::string& lr, int steps,
                                    const std::string& losses = "") {
  const TemporaryFolder folder;
  const std::vector<std::string> columns{"filter_cutoff", "osc1_level"};
  render_small_set(folder / "set", columns, 120);
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/flow_synthesizer/" + config);
  make_small(root, folder / "set", folder / "cache", columns);
  for (const auto& [key, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"model.encoder", "mlp"},
           {"model.widths", "[64]"},
           {"model.dropout", "0"},
           {"model.ode_steps", "8"},
           {"training.batch", "32"},
           {"training.validate_every", "10"},
           {"training.phases.representation.steps", std::to_string(steps)},
           {"training.phases.representation.optimisers.inference.lr", lr}})
    config::set(root, key, yaml);
  if (!losses.empty()) config::set(root, "training.phases.representation.optimisers.inference.losses", losses);
  const RunConfig run = read_run_config(root);
  prepare(run.data, run.descriptors);
  train(run, folder / "run");
  for (const JournalCurve& curve : read_journal(folder / "run/journal.jsonl"))
    if (curve.name == "validation/parameter_error")
      return {curve.values.front(), *std::min_element(curve.values.begin(), curve.values.end())};
  return {0, 0};
}

constexpr double kVariance = 1.0 / 12;  // of a uniform position: what the mean scores

TEST(SynthesizerInference, LearnsByRegression) {
  const auto [first, lowest] = errors_of("cnn.yaml", "0.003", 100);
  EXPECT_LT(lowest, 0.5 * kVariance);
  EXPECT_LT(lowest, first);
}

TEST(SynthesizerInference, LearnsByFlowMatching) {
  const auto [first, lowest] = errors_of("flow_matching.yaml", "0.003", 100);
  EXPECT_LT(lowest, 0.7 * kVariance);
  EXPECT_LT(lowest, first);
}

// With every loss of theirs from the first step on.
TEST(SynthesizerInference, LearnsByRegressionFlowsWithOtherWeights) {
  for (const auto& [config, losses] : std::vector<std::pair<std::string, std::string>>{
           {"regression_flow_amortised.yaml", "{parameter_gaussian: 1, amortisation_kl: 0.001, mel_mse: 0.1}"},
           {"regression_flow_network.yaml", "{parameter_gaussian: 1, mel_mse: 0.1}"},
           {"regression_flow_posterior.yaml", "{parameter_gaussian: 1, parameter_prior: 0.01, flow_volume: 0.01}"}}) {
    const auto [first, lowest] = errors_of(config, "0.003", 150, losses);
    EXPECT_LT(lowest, 0.7 * kVariance) << config;
    EXPECT_LT(lowest, first) << config;
  }
}

}  // namespace
}  // namespace nr
