// The networks of notes: conditions, shapes.
#include "nn/wae.h"

#include <gmock/gmock.h>

#include "nn/note_classifier.h"

namespace nr {
namespace {

TEST(ConditionalNorm, GivesEveryChannelTheMeanAndDeviationOfTheCondition) {
  torch::manual_seed(1);
  ConditionalNorm norm(4, 3);
  const torch::NoGradGuard no_grad;
  torch::nn::init::normal_(norm.sigma->weight), torch::nn::init::normal_(norm.mu->weight);
  const auto c = torch::randn({5, 4}), x = 3 * torch::randn({5, 3, 20, 30}) + 7;
  const auto y = norm.forward(x, c);
  const auto mean = y.mean({2, 3}), deviation = (y - mean.unsqueeze(2).unsqueeze(3)).square().mean({2, 3}).sqrt();
  EXPECT_TRUE(mean.allclose(norm.mu->forward(c), 1e-5, 1e-5));
  EXPECT_TRUE(deviation.allclose(norm.sigma->forward(c).abs(), 1e-5, 1e-5));
  const auto constant = norm.forward(torch::full({1, 3, 4, 4}, 2.0), c.narrow(0, 0, 1));
  EXPECT_TRUE(constant.isfinite().all().item<bool>());
  EXPECT_LT(constant.std(std::vector<int64_t>{2, 3}).max().item<double>(), 1e-6) << "a constant channel stays constant";
}

TEST(DenseFilm, IsTheIdentityWhereGammaAndDeltaAreZero) {
  torch::manual_seed(1);
  DenseFilm film(4, 6);
  const auto h = torch::randn({5, 6}), c = torch::randn({5, 4});
  EXPECT_TRUE(film.forward(h, c).equal(h)) << "as it begins";
  const torch::NoGradGuard no_grad;
  torch::nn::init::constant_(film.gamma->bias, 1), torch::nn::init::constant_(film.delta->bias, -3);
  EXPECT_TRUE(film.forward(h, c).allclose(2 * h - 3));
}

WaeConfig sized(int mels, int frames, int channels = 1) {
  WaeConfig c;
  c.mels = mels, c.frames = frames, c.channels = channels, c.widths = {8, 4}, c.condition_widths = {6};
  return c;
}

TEST(StridedConvolutions, HaveThePublishedSizes) {
  const StridedConvolutions published(500, 128, 16, 5, 5);
  EXPECT_EQ(published.size(), (std::pair<int64_t, int64_t>{16, 4}));
  EXPECT_EQ(published.features(), 16384);
}

TEST(WaeDecoder, GivesTheShapeOfTheConfigFromSoftConditions) {
  torch::manual_seed(1);
  for (const auto& [mels, frames] : {std::pair{500, 128}, {128, 128}, {64, 80}, {33, 17}}) {
    WaeDecoder decoder(sized(mels, frames), 5);
    decoder.eval();
    const auto c = torch::tensor({{0.5f, 0.5f, 0.f, 1.5f, -0.5f}, {1.f, 0.f, 0.f, 0.f, 1.f}});
    const auto made = decoder.forward(torch::randn({2, 3}), c);
    EXPECT_EQ(made.sizes(), (at::IntArrayRef{2, mels, frames}));
    EXPECT_LE(made.abs().max().item<double>(), 1);
  }
}

TEST(WaeDecoder, IsSteeredByFilmByTheConditionalNormOrByBoth) {
  for (const auto& [film, norm] : {std::pair{true, false}, {false, true}, {true, true}}) {
    torch::manual_seed(1);
    WaeConfig config = sized(32, 16, 2);
    config.film = film, config.conditional_norm = norm;
    WaeDecoder decoder(config, 3);
    decoder.train();
    const auto z = torch::randn({4, 3}), c = torch::rand({4, 3});
    decoder.forward(z, c).square().mean().backward();
    int reached = 0;
    for (const auto& item : decoder.named_parameters())
      if (item.value().grad().defined() && (item.key().find("film") != std::string::npos ||
                                            item.key().find("sigma") != std::string::npos))
        reached += item.value().grad().abs().sum().item<double>() > 0;
    EXPECT_GT(reached, 0) << film << norm;
    EXPECT_GT(decoder.parameters().size(), 4u);
  }
  WaeDecoder free(sized(32, 16, 2), 0);
  for (const auto& item : free.named_parameters()) {
    EXPECT_EQ(item.key().find("film"), std::string::npos);
    EXPECT_EQ(item.key().find("embedding"), std::string::npos);
  }
  EXPECT_EQ(free.forward(torch::randn({2, 3}), {}).size(1), 32) << "without conditions it is given none";
}

SpectrogramConfig of_law(const char* law) {
  SpectrogramConfig c;
  c.window = 512, c.step = 128, c.mels = 24, c.frames = 16, c.high = 4000, c.law = law;
  return c;
}

TEST(NoteSpectrogram, OfALogarithmLiesBetweenMinusOneAndOne) {
  torch::manual_seed(1);
  const auto audio = torch::tensor({0.5, 0.05}).reshape({2, 1, 1}) * torch::randn({2, 1, 2048});
  for (const char* law : {"log1p", "log"}) {
    NoteSpectrogram spectrogram(of_law(law), 8000);
    spectrogram.measure(audio);
    const auto seen = spectrogram.forward(audio);
    EXPECT_GE(seen.min().item<double>(), -1 - 1e-5) << law;
    EXPECT_NEAR(seen.max().item<double>(), 1, 1e-5) << law;
    const bool levels = seen[1].max().item<double>() < 0.99;
    EXPECT_EQ(levels, std::string(law) == "log") << "of log1p each note has its own maximum";
  }
}

TEST(NoteSpectrogram, GivesItsMagnitudesBack) {
  torch::manual_seed(1);
  const auto audio = 0.3 * torch::randn({1, 1, 2048});
  const auto wanted = MelBands(of_law("log"), 8000).magnitudes(audio);
  for (const char* law : {"log1p", "log"}) {  // of one note, its maximum is the set's
    NoteSpectrogram spectrogram(of_law(law), 8000);
    spectrogram.measure(audio);
    const auto back = spectrogram.linear(spectrogram.forward(audio));
    EXPECT_TRUE(back.allclose(torch::where(wanted < 1e-3, torch::zeros_like(wanted), wanted), 1e-3, 1e-4)) << law;
    EXPECT_EQ(spectrogram.sound(spectrogram.forward(audio), 2).sizes(), (at::IntArrayRef{1, 1, 2048}));
  }
}

TEST(NoteClassifier, SumsTheCrossEntropiesOfItsGroups) {
  torch::manual_seed(1);
  SpectrogramConfig config = of_law("log1p");
  NoteClassifier classifier(config, {3, 2});
  classifier.eval();
  const auto seen = torch::randn({4, 24, 16});
  const auto wanted = torch::tensor({{1.f, 0.f, 0.f, 0.f, 1.f}}).expand({4, 5});
  const auto logits = classifier.forward(seen);
  const auto expected = -(torch::log_softmax(logits.narrow(1, 0, 3), 1).select(1, 0).mean() +
                          torch::log_softmax(logits.narrow(1, 3, 2), 1).select(1, 1).mean());
  EXPECT_TRUE(classifier.cross_entropy(seen, wanted).allclose(expected));
}

}  // namespace
}  // namespace nr
