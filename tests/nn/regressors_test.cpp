#include "nn/regressors.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>

#include "nn/spectrogram.h"
#include "support/errors.h"
#include "support/signals.h"
#include "synth/similarity.h"
#include "synth/subtractive_fm.h"

namespace nr {
namespace {

SynthesizerConfig small() {
  SynthesizerConfig c;
  c.mels = 16, c.frames = 12, c.channels = 3, c.layers = 3, c.widths = {8}, c.regressor_widths = {16};
  return c;
}

ParameterSpace space(const std::vector<std::string>& names) { return {subtractive_fm_parameters(), names}; }
at::Generator chance(uint64_t seed) { return at::detail::createCPUGenerator(seed); }

TEST(NoteSpectrogram, IsTheMelPowerThatEvaluationCompares) {
  SynthesizerConfig c;
  NoteSpectrogram spectrogram(c, 22050);
  auto sound = harmonic(220, 22050, 80 * 1024);
  const auto audio = torch::tensor(sound).reshape({1, 1, -1});
  const auto seen = spectrogram.forward(audio)[0];  // mean 0, deviation 1: ln(power + floor)
  const MelPower wanted = mel_power(sound, {22050, c.window, c.step, c.mels, c.low, c.high});
  for (int t : {0, 3, 41, 79})
    for (int m = 0; m < c.mels; ++m) {
      const double power = wanted.values[size_t(t) * 64 + size_t(m)];
      EXPECT_NEAR(seen[m][t].item<float>(), std::log(power + c.floor), 2e-3) << t << " " << m;
    }
}

TEST(NoteSpectrogram, NormalisesByWhatItMeasuredAndGivesThePowerBack) {
  NoteSpectrogram spectrogram(small(), 22050);
  const auto audio = 0.1 * torch::randn({4, 1, 12 * 1024});
  const auto before = spectrogram.linear(spectrogram.forward(audio));
  spectrogram.measure(audio);
  const auto seen = spectrogram.forward(audio);
  EXPECT_NEAR(seen.mean().item<double>(), 0, 1e-4);
  EXPECT_NEAR(seen.std().item<double>(), 1, 1e-4);
  EXPECT_TRUE(spectrogram.linear(seen).allclose(before, 1e-3, 1e-4));
  EXPECT_EQ(spectrogram.forward(audio.narrow(2, 0, 5000)).sizes(), (at::IntArrayRef{4, 16, 12})) << "padded";
}

TEST(SpectrogramEncoder, HasThePublishedSizes) {
  SynthesizerConfig c;
  c.widths = {};
  EXPECT_EQ(SpectrogramEncoder(c).features(), 21 * 22);
  c.layers = 5, c.kernel = 7;
  EXPECT_EQ(SpectrogramEncoder(c).features(), 8 * 9);
  c.encoder = "mlp";
  EXPECT_EQ(SpectrogramEncoder(c).features(), 64 * 80);
}

TEST(SpectrogramNetworks, GoFromAnImageToAVectorAndBack) {
  for (const char* kind : {"mlp", "cnn", "resnet"}) {
    SynthesizerConfig c = small();
    c.encoder = kind;
    SpectrogramEncoder encoder(c);
    SpectrogramDecoder decoder(c, 5);
    const auto image = torch::randn({3, 16, 12});
    EXPECT_EQ(encoder.forward(image).sizes(), (at::IntArrayRef{3, 8})) << kind;
    EXPECT_EQ(decoder.forward(torch::randn({3, 5})).sizes(), (at::IntArrayRef{3, 16, 12})) << kind;
  }
}

TEST(FlowRegressor, NeedsALatentOfAsManyDimensions) {
  EXPECT_THAT(error_of([] { FlowRegressor(small(), space({"drive", "ring"}), 3, 1); }),
              testing::HasSubstr("model.latent_size: 3 must be the number of continuous parameters, 2"));
}

TEST(FlowRegressor, ReadsALatentOfAnySizeWhereANetworkGivesItsWeights) {
  torch::manual_seed(9);
  SynthesizerConfig c = small();
  c.amortisation = "network", c.flow = {"planar", 4, 8};
  FlowRegressor regressor(c, space({"drive", "ring"}), 5, 1);
  const auto latent = torch::randn({6, 5});
  EXPECT_FALSE(regressor.forward(latent).continuous.equal(regressor.forward(latent).continuous)) << "the base is drawn";
  regressor.eval();
  const auto found = regressor.forward(latent).continuous;
  EXPECT_EQ(found.sizes(), (at::IntArrayRef{6, 2}));
  EXPECT_TRUE(found.equal(regressor.forward(latent).continuous));
  EXPECT_GT((found[0] - found[1]).abs().max().item<float>(), 1e-4) << "of another latent other parameters";
}

// Parameters that are no function of a single number: the flow's weights must follow the latent.
TEST(FlowRegressor, LearnsWithAmortisedWeights) {
  for (const char* amortisation : {"variational", "network"}) {
    torch::manual_seed(10);
    SynthesizerConfig c = small();
    c.amortisation = amortisation, c.flow = {"planar", 8, 8};
    FlowRegressor regressor(c, space({"drive", "ring"}), 2, 1);
    torch::optim::Adam adam(regressor.parameters(), torch::optim::AdamOptions(5e-3));
    const auto wanted = [](const torch::Tensor& z) {
      return torch::sigmoid(torch::stack({z.select(1, 1) + z.select(1, 0).square() - 1, z.select(1, 0)}, 1));
    };
    for (int step = 0; step < 300; ++step) {
      const auto latent = torch::randn({64, 2});
      adam.zero_grad();
      (regressor.forward(latent).continuous - wanted(latent)).square().mean().backward();
      adam.step();
    }
    regressor.eval();
    const torch::NoGradGuard no_grad;
    const auto latent = torch::randn({500, 2}), right = wanted(latent);
    const double error = (regressor.forward(latent).continuous - right).square().mean().item<double>();
    EXPECT_LT(error, 0.2 * right.var(0).mean().item<double>()) << amortisation;
  }
}

TEST(Regressors, GivePositionsOfEveryColumn) {
  const ParameterSpace columns = space({"drive", "osc1_wave", "ring"});
  const SynthesizerConfig c = small();
  const std::vector<std::shared_ptr<Regressor>> all{std::make_shared<DenseRegressor>(c, columns, 2),
                                                    std::make_shared<FlowRegressor>(c, columns, 2, 1),
                                                    std::make_shared<MatchingRegressor>(c, columns, 2)};
  for (const auto& regressor : all) {
    regressor->eval();
    const torch::NoGradGuard no_grad;
    const auto condition = torch::randn({6, 2}), found = regressor->infer(condition, chance(1));
    ASSERT_EQ(found.sizes(), (at::IntArrayRef{6, 3}));
    EXPECT_TRUE((found >= 0).logical_and(found <= 1).all().item<bool>());
    const auto level = found.select(1, 1) * 3;
    EXPECT_TRUE(level.allclose(level.round(), 0, 1e-5)) << "a choice is one of its levels";
    EXPECT_TRUE(found.equal(regressor->infer(condition, chance(1)))) << "the same chance gives the same";
  }
}

// Two presets that sound alike: the regression's answer lies between them, that of a velocity field is one of them.
TEST(MatchingRegressor, GivesOneOfTwoAnswersAndNotTheirMean) {
  torch::manual_seed(4);
  const ParameterSpace columns = space({"drive", "ring", "osc1_wave"});
  SynthesizerConfig c = small();
  c.regressor_widths = {64, 64}, c.dropout = 0, c.unconditional = 0;
  MatchingRegressor matching(c, columns, 1);
  torch::optim::Adam adam(matching.parameters(), torch::optim::AdamOptions(5e-3));
  const auto condition = torch::ones({128, 1}), with = torch::ones({128, 1});
  for (int step = 0; step < 400; ++step) {
    const auto first = (torch::rand({128, 1}) < 0.5).to(torch::kFloat);
    const auto positions = torch::cat({0.2 + 0.6 * first, 0.8 - 0.6 * first, first}, 1);  // either of two presets
    const auto end = matching.vector_of(positions), noise = torch::randn_like(end), time = torch::rand({128, 1});
    adam.zero_grad();
    (matching.velocity(noise + time * (end - noise), time, condition, with) - (end - noise)).square().mean().backward();
    adam.step();
  }
  matching.eval();
  const torch::NoGradGuard no_grad;
  const auto found = matching.infer(torch::ones({64, 1}), chance(2));
  const auto drive = found.select(1, 0), ring = found.select(1, 1), wave = found.select(1, 2);
  const auto upper = (drive > 0.5).to(torch::kFloat);
  const auto near = ((drive - 0.2 - 0.6 * upper).abs() < 0.15).to(torch::kFloat);
  EXPECT_GT(near.mean().item<double>(), 0.85) << "near one of the two";
  EXPECT_GT(((drive + ring - 1).abs() < 0.2).to(torch::kFloat).mean().item<double>(), 0.85) << "and consistent";
  EXPECT_GT((wave == upper).to(torch::kFloat).mean().item<double>(), 0.85);
  EXPECT_GT(upper.mean().item<double>(), 0.2);
  EXPECT_LT(upper.mean().item<double>(), 0.8);
}

}  // namespace
}  // namespace nr
