#include "evaluation/digits.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/files.h"
#include "config/reader.h"
#include "data/stroke_digits.h"
#include "nn/bernoulli_vae.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

TEST(BernoulliVae, BoundsTheLikelihoodOfWhatItDecodes) {
  torch::manual_seed(1);
  BernoulliVae vae(6, 4, 2);
  const auto images = torch::rand({5, 6});
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& p : vae.parameters()) p.zero_();  // q = N(0, 1), every pixel has the probability 1/2
  const VariationalBound bound = vae.forward(images);
  EXPECT_TRUE(bound.kl.allclose(torch::zeros({5}), 1e-5, 1e-6));
  EXPECT_TRUE(bound.reconstruction.allclose(torch::full({5}, 6 * std::log(2.0)), 1e-5));
  EXPECT_TRUE(vae.decode(vae.encode(images)).allclose(torch::full({5, 6}, 0.5)));
}

TEST(ActiveUnits, AreDimensionsThatVary) {
  const auto means = torch::stack({torch::arange(10).to(torch::kFloat), torch::full({10}, 3.f),
                                   0.05 * torch::arange(10).remainder(2).to(torch::kFloat)}, 1);
  EXPECT_EQ(active_units(means), 1);
}

DigitsConfig small_study() {
  DigitsConfig c;
  c.train_digits = 1500, c.test_digits = 50, c.hidden = 60, c.steps = 500, c.batch = 50, c.lr = 0.005;
  c.latent_sizes = {2}, c.latent_size = 4, c.betas = {0, 4}, c.warm_up = 50, c.bootstrap = 100;
  return c;
}

TEST(Digits, LearnMoreThanTheMeanAndLessWithAWeight) {
  const TemporaryFolder folder;
  study_digits(small_study(), folder / "out");
  const std::string table = read_file(folder / "out/table.md"), page = read_file(folder / "out/report.html");
  for (const char* row : {"| z 2, beta 1 |", "| z 4, beta 0 |", "| z 4, beta 4 |", "| z 4, beta 1, warm-up |",
                          "| mean digit |", "Active"})
    EXPECT_THAT(table, HasSubstr(row));
  for (const char* what : {"Plane of z 2, beta 1", "Test digits", "nats"}) EXPECT_THAT(page, HasSubstr(what));
  // Columns: bound, reconstruction, KL.
  const auto number = [&](const std::string& row, int column) {
    size_t at = table.find("| " + row + " |") + row.size() + 3;
    for (int c = 0; c < column; ++c) at = table.find('|', at + 1);
    std::string text = table.substr(at + 2, 40);
    if (text.rfind("\u2212", 0) == 0) text.replace(0, 3, "-");  // the table's minus
    return std::stod(text);
  };
  EXPECT_GT(number("z 2, beta 1", 0), number("mean digit", 0));
  EXPECT_LT(number("z 4, beta 4", 2), number("z 4, beta 0", 2));
  EXPECT_GT(number("z 4, beta 4", 1), number("z 4, beta 1, warm-up", 1));
}

TEST(Digits, AreReadFromFiles) {
  const TemporaryFolder folder;
  DigitsConfig c = small_study();
  c.latent_sizes = {2}, c.betas = {}, c.warm_up = 0, c.steps = 5;
  write_idx(folder / "train", draw_digits(60, 1));
  write_idx(folder / "test", {14, 14, std::vector<uint8_t>(20 * 196, 1)});
  c.train = (folder / "train").string(), c.test = (folder / "test").string();
  EXPECT_THAT(error_of([&] { study_digits(c, folder / "out"); }), HasSubstr("images of 14 x 14 pixels; those"));
  c.test = c.train;
  study_digits(c, folder / "out");
  EXPECT_TRUE(std::filesystem::exists(folder / "out/table.md"));
}

}  // namespace
}  // namespace nr
