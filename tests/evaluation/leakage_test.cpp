#include "evaluation/leakage.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "data/prepare.h"
#include "support/recordings.h"
#include "support/temporary.h"
#include "systems/table.h"
#include "run/run.h"

namespace nr {
namespace {

// The latents of an untrained encoder move with the level of its input, unless its weights are 0.
TEST(Leakage, IsHighWhereTheLatentMovesWithAControlAndNoneWhereItStandsStill) {
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
  trained.model = std::make_shared<Autoencoder>(autoencoder_of(config.model), int(config.descriptors.controls.size()));
  trained.model->eval();
  trained.config.data.sample_rate = config.data.sample_rate, trained.config.descriptors = config.descriptors;
  for (const std::string& control : config.descriptors.controls)
    for (const Scale& scale : dataset.fit_scales(trained.model->graphs().hop))
      if (scale.descriptor == control) trained.scales.push_back(scale);
  const size_t level = 1;
  ASSERT_EQ(trained.scales[level].descriptor, "rms");
  // The mean over all clips: of a single clip even a constant prediction may score above or below 0.
  const auto r2_of = [&](const Probe& probe) {
    double sum = 0;
    for (size_t clip = 0; clip < dataset.clips().size(); ++clip) {
      const Sound sound = make_sound(trained, "clip", dataset.samples(int(clip)));
      const std::vector<double> of_clip = probe.r2(latent_of(trained, sound), sound.measured);
      EXPECT_EQ(of_clip.size(), trained.scales.size());
      sum += of_clip.at(level) / double(dataset.clips().size());
    }
    return sum;
  };
  const double moving = r2_of(Probe(trained, dataset, 1));
  EXPECT_GT(moving, 0.6);
  EXPECT_EQ(moving, r2_of(Probe(trained, dataset, 1))) << "the same seed, the same probe";
  const auto accuracy_and_chance = [&](const Probe& probe) {
    std::pair<double, double> sums;
    for (size_t clip = 0; clip < dataset.clips().size(); ++clip) {
      const Sound sound = make_sound(trained, "clip", dataset.samples(int(clip)));
      const auto latent = latent_of(trained, sound);
      sums.first += probe.accuracy(latent, sound.measured).at(level) / double(dataset.clips().size());
      sums.second += probe.chance(latent, sound.measured) / double(dataset.clips().size());
    }
    return sums;
  };
  const auto [found, chance] = accuracy_and_chance(Probe(trained, dataset, 1));
  EXPECT_GT(found, 2 * chance);
  EXPECT_GT(chance, 0.03);
  EXPECT_LT(chance, 0.2) << "of 16 classes";
  {
    const torch::NoGradGuard no_grad;
    for (const auto& weight : trained.model->encoder().parameters()) torch::Tensor(weight).zero_();
  }
  const Probe blind(trained, dataset, 1);
  EXPECT_NEAR(r2_of(blind), 0, 0.1);
  EXPECT_LT(accuracy_and_chance(blind).first, 0.15) << "a latent that stands still";
}

}  // namespace
}  // namespace nr
