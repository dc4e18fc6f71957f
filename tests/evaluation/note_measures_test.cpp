#include "evaluation/note_measures.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include <numeric>

#include "evaluation/note_probe.h"
#include "evaluation/statistics.h"
#include "evaluation/tsne.h"
#include "support/errors.h"

namespace nr {
namespace {

TEST(NoteMeasures, OfTwiceTheMagnitudeAreSixDecibels) {
  torch::manual_seed(1);
  const auto target = torch::rand({3, 10, 8}) + 0.1;
  for (const double d : log_spectral_distances(target, 2 * target)) EXPECT_NEAR(d, 6.0206, 1e-3);
  for (const double d : spectral_convergences(target, 2 * target)) EXPECT_NEAR(d, 1, 1e-5);
  for (const double d : root_mean_squares(target, target + 0.25)) EXPECT_NEAR(d, 0.25, 1e-6);
  EXPECT_NEAR(log_spectral_distances(target, torch::zeros_like(target))[0],
              log_spectral_distances(target, 1e-7 * target)[0], 1e-6)
      << "80 dB below the maximum is the floor";
}

TEST(NoteMeasures, MacroF1IsTheMeanOverClasses) {
  // class 0: 2 of 2 found, once too often; class 1: 1 of 2; class 2: never asked, never found.
  const std::vector<int64_t> classes{0, 0, 1, 1}, heard{0, 0, 0, 1};
  const std::vector<double> values = macro_f1_values(classes, heard, 3);
  EXPECT_NEAR(mean(values), (4.0 / 5 + 2.0 / 3) / 2, 1e-9);
  EXPECT_NEAR(mean(macro_f1_values(std::vector<int64_t>{0, 1, 2}, std::vector<int64_t>{0, 1, 2}, 3)), 1, 1e-9);
  // Class 0: two hits, one missed: 0.8. Class 1: one hit, one too many: 2/3.
  const std::vector<std::set<int64_t>> asked{{0, 1}, {0}, {0}, {}}, found{{0, 1}, {0}, {}, {1}};
  EXPECT_NEAR(mean(macro_f1_values(asked, found, 2)), (0.8 + 2.0 / 3) / 2, 1e-9);
}

TEST(NoteProbe, ReadsAClassThatIsThereAndNoneThatIsNot) {
  torch::manual_seed(1);
  std::vector<int64_t> classes;
  for (int i = 0; i < 300; ++i) classes.push_back(i % 3);
  const auto noise = torch::randn({300, 3});
  const auto marked = noise + 6 * torch::one_hot(torch::tensor(classes, torch::kLong), 3).to(torch::kFloat);
  const auto share = [&](const torch::Tensor& latents) {
    const std::vector<int64_t> train(classes.begin(), classes.begin() + 200);
    const auto found = probe_classes(latents.narrow(0, 0, 200), train, 3, latents.narrow(0, 200, 100), 1);
    int right = 0;
    for (size_t i = 0; i < found.size(); ++i) right += found[i] == classes[200 + i];
    return right / 100.0;
  };
  EXPECT_GT(share(marked), 0.95);
  EXPECT_LT(share(noise), 0.55);
}

TEST(Tsne, KeepsWhatIsNearTogether) {
  torch::manual_seed(1);
  auto points = torch::randn({60, 5});
  points.narrow(0, 30, 30) += 20;
  const auto plane = tsne(points, 10, 250);
  const auto one = plane.narrow(0, 0, 30), other = plane.narrow(0, 30, 30);
  const double within = (one - one.mean(0)).norm(2, 1).max().item<double>(),
               between = (one.mean(0) - other.mean(0)).norm().item<double>();
  EXPECT_GT(between, 1.2 * within);
  EXPECT_TRUE(tsne(points, 10, 20).equal(tsne(points, 10, 20)));
  EXPECT_EQ(error_of([] { tsne(torch::zeros({3, 2})); }), "tsne: 3 points, expected 4 to 2000");
}

}  // namespace
}  // namespace nr
