#include "evaluation/leakage.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "data/prepare.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "training/run.h"

namespace nr {
namespace {

// An untrained encoder of tones that swell: its latents move with the level unless they cannot move at all.
TEST(Leakage, IsHighWhereTheLatentMovesWithAKnobAndNoneWhereItStandsStill) {
  const TemporaryFolder folder;
  write_recordings(folder / "audio", 24, 8000, 1.2);
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/f_rave.yaml");
  config::set(root, "data.inputs", "[" + (folder / "audio").string() + "]");
  config::set(root, "data.cache", (folder / "cache").string());
  config::set(root, "data.test", "0.2");
  const RunConfig config = read_run_config(root);
  prepare(config.data, config.descriptors);
  const Dataset dataset(config.data, config.descriptors);
  torch::manual_seed(1);
  TrainedModel trained;
  trained.model = std::make_shared<Autoencoder>(config.model, int(config.descriptors.controls.size()));
  trained.model->eval();
  trained.sample_rate = config.data.sample_rate, trained.descriptors = config.descriptors;
  for (const std::string& control : config.descriptors.controls)
    for (const Scale& scale : dataset.fit_scales(trained.model->graphs().hop))
      if (scale.descriptor == control) trained.scales.push_back(scale);
  const size_t level = 1;
  ASSERT_EQ(trained.scales[level].descriptor, "rms");
  const Sound sound = make_sound(trained, "test", dataset.samples(dataset.split(Split::kTest).at(0)));
  const auto told_by = [&](const Probe& probe, const Sound& of) { return probe.told(latent_of(trained, of), of.measured); };
  const std::vector<double> told = told_by(Probe(trained, dataset, 1), sound);
  ASSERT_EQ(told.size(), trained.scales.size());
  EXPECT_GT(told[level], 0.6);
  EXPECT_EQ(told, told_by(Probe(trained, dataset, 1), sound)) << "the same again";
  {
    const torch::NoGradGuard no_grad;
    for (const auto& weight : trained.model->encoder().parameters()) torch::Tensor(weight).zero_();
  }
  // A constant guess tells nothing of all clips together; of a clip that lies near it, or far off, more or less than nothing.
  const Probe probe(trained, dataset, 1);
  double sum = 0;
  for (size_t clip = 0; clip < dataset.clips().size(); ++clip)
    sum += told_by(probe, make_sound(trained, "clip", dataset.samples(int(clip)))).at(level) / double(dataset.clips().size());
  EXPECT_NEAR(sum, 0, 0.1);
}

}  // namespace
}  // namespace nr
