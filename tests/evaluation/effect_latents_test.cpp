// Measures of latents whose answer is known.
#include "evaluation/effect_latents.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

namespace nr {
namespace {

// n clips, three draws each, of four settings: two kinds of effect with a weak and a strong drive.
EffectPairs pairs(size_t clips) {
  EffectPairs out;
  for (size_t c = 0; c < clips; ++c)
    for (size_t d = 0; d < 3; ++d) {
      const size_t setting = (3 * c + d) % 4;
      out.clip.push_back(c), out.setting.push_back(setting);
      out.kinds.push_back(setting < 2 ? "tanh" : "wavefold");
      out.names.push_back(text("clip ", c, ", draw ", d));
    }
  return out;
}

double mean_of(const RunResult& result, const std::string& metric, const std::string& part = "") {
  const ResultRow* row = result.find(metric, part);
  return row ? mean(finite(row->values)) : std::nan("");
}

RunResult result_of(const EffectPairs& p) {
  RunResult out;
  out.clips = p.names;
  return out;
}

TEST(Neighbours, AreOfTheSameEffectWhereLatentsSayItAndByChanceElse) {
  torch::manual_seed(1);
  const EffectPairs p = pairs(60);
  const auto n = int64_t(p.names.size());
  auto latents = torch::randn({n, 3});
  RunResult clear = result_of(p), shuffled = result_of(p), random = result_of(p);
  measure_neighbours(p, latents, nullptr, 0, random);
  for (int64_t i = 0; i < n; ++i) latents[i][0] += p.kinds[size_t(i)] == "tanh" ? 20 : 0;
  const uint64_t seed = 1;
  measure_neighbours(p, latents, nullptr, 0, clear), measure_neighbours(p, latents, &seed, 0, shuffled);
  EXPECT_GT(mean_of(clear, "effect_neighbours"), 0.99);
  EXPECT_NEAR(mean_of(shuffled, "effect_neighbours"), 0.5, 0.1);
  EXPECT_NEAR(mean_of(random, "effect_neighbours"), 0.5, 0.1);
}

// Setting 0 moves along one axis, 1 twice as far, 2 and 3 along another. All of it in the first two dimensions.
SeenPairs moved(const EffectPairs& p, double noise) {
  torch::manual_seed(1);
  SeenPairs out;
  const auto n = int64_t(p.names.size());
  auto clips = 3 * torch::randn({n, 4});
  out.dry_latent = torch::zeros({n, 4});
  for (int64_t i = 0; i < n; ++i) out.dry_latent[i].copy_(clips[int64_t(p.clip[size_t(i)])]);
  out.wet_latent = out.dry_latent + noise * torch::randn({n, 4});
  for (int64_t i = 0; i < n; ++i) {
    const size_t setting = p.setting[size_t(i)];
    out.wet_latent[i][setting < 2 ? 0 : 1] += setting % 2 ? 20 : 10;
  }
  return out;
}

TEST(Movement, IsAlikeForTheSameSettingAndStaysInTheReservedDimensions) {
  const EffectPairs p = pairs(24);
  RunResult clean = result_of(p), noisy = result_of(p);
  measure_movement(p, moved(p, 0), 2, 0, clean), measure_movement(p, moved(p, 30), 2, 0, noisy);
  EXPECT_NEAR(mean_of(clean, "effect_cosine"), 1, 1e-6);
  EXPECT_NEAR(mean_of(clean, "effect_cosine", "other settings"), 1 / 3.0, 0.05) << "a third goes along the same axis";
  EXPECT_NEAR(mean_of(clean, "effect_leakage"), 0, 1e-6);
  EXPECT_LT(mean_of(noisy, "effect_cosine"), 0.5);
  EXPECT_NEAR(mean_of(noisy, "effect_leakage"), 0.45, 0.1);
  EXPECT_NEAR(mean_of(noisy, "effect_leakage", "by chance"), 0.5, 1e-9);
}

TEST(NotesKept, AreThoseWhoseOtherDimensionsDoNotMove) {
  const EffectPairs p = pairs(24);
  RunResult without = result_of(p), with = result_of(p);
  measure_notes_kept(p, moved(p, 0), 2, 0, without), measure_notes_kept(p, moved(p, 0), 0, 0, with);
  EXPECT_EQ(mean_of(without, "effect_note_kept"), 1);
  EXPECT_LT(mean_of(with, "effect_note_kept"), 0.5);
}

TEST(Probes, FindAParameterThatMovesTheLatentAndNoneThatDoesNot) {
  EffectPairs train = pairs(60), test = pairs(20);
  const ParameterSpace space({{"along"}, {"nowhere"}}, {"along", "nowhere"});
  const auto seen = [&](EffectPairs& p) {
    SeenPairs out = moved(p, 0.1);
    const auto n = int64_t(p.names.size());
    p.parameters = torch::rand({n, 2}), p.mask = torch::ones({n, 2});
    out.wet_latent.select(1, 3) += 2 * p.parameters.select(1, 0);
    return out;
  };
  const SeenPairs train_seen = seen(train), test_seen = seen(test);
  RunResult result = result_of(test);
  measure_probes(space, train, train_seen, test, test_seen, 0, result);
  EXPECT_GT(mean_of(result, "effect_movement_r2", "along"), 0.8);
  EXPECT_LT(mean_of(result, "effect_movement_r2", "nowhere"), 0.2);
  EXPECT_LT(mean_of(result, "effect_probe_r2", "along"), 0.3) << "the clip hides it in the wet latent alone";
  EXPECT_NEAR(mean_of(result, "effect_movement_r2"),
              (mean_of(result, "effect_movement_r2", "along") + mean_of(result, "effect_movement_r2", "nowhere")) / 2,
              1e-6);
}

TEST(MeasuredDisentanglement, IsOfDimensionsThatKnowTheEffectOrItsParameterAndNotByChance) {
  torch::manual_seed(1);
  EffectPairs many = pairs(120);
  const auto n = int64_t(many.names.size());
  const ParameterSpace space({{"drive"}}, {"drive"});
  many.parameters = torch::rand({n, 1}), many.mask = torch::ones({n, 1});
  auto latents = torch::randn({n, 3});
  latents.select(1, 1).copy_(5 * many.parameters.select(1, 0));
  for (int64_t i = 0; i < n; ++i) latents[i][0] = (many.kinds[size_t(i)] == "tanh" ? 5 : 0) + 0.1 * latents[i][0];
  const uint64_t seed = 1;
  RunResult clear = result_of(many), chance = result_of(many);
  measure_disentanglement(space, many, latents, nullptr, many, 0, clear);
  measure_disentanglement(space, many, latents, &seed, many, 0, chance);
  EXPECT_GT(mean_of(clear, "effect_information", "effect"), 0.9);
  EXPECT_GT(mean_of(clear, "effect_information", "drive"), 0.9);
  EXPECT_GT(mean_of(clear, "effect_mig"), 0.8);
  EXPECT_GT(mean_of(clear, "effect_dci"), 0.8);
  EXPECT_GT(mean_of(clear, "effect_vote"), 0.8);
  EXPECT_LT(mean_of(chance, "effect_mig"), 0.1);
  EXPECT_LT(mean_of(chance, "effect_information"), 0.1);
  EXPECT_EQ(finite(clear.find("effect_mig", "")->values).size(), 120u) << "one a clip";
}

}  // namespace
}  // namespace nr
