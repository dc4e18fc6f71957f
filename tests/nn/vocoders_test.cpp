#include "nn/vocoders.h"

#include <gtest/gtest.h>

#include "nn/griffin_lim.h"
#include "support/errors.h"

namespace nr {
namespace {

VocoderConfig small(const char* network) {
  VocoderConfig c;
  c.network = network, c.window = 512, c.step = 128, c.mels = 20, c.high = 4000;
  c.heads = 2, c.channels = 8, c.width = 12, c.blocks = 2;
  return c;
}

TEST(Vocoders, GiveAStepOfSamplesForEveryFrame) {
  torch::manual_seed(1);
  for (const char* network : {"mcnn", "vocos"}) {
    const auto vocoder = make_vocoder(small(network));
    const auto sound = vocoder->forward(torch::rand({2, 20, 9}));
    EXPECT_EQ(sound.sizes(), (at::IntArrayRef{2, 1, 9 * 128})) << network;
    EXPECT_TRUE(sound.isfinite().all().item<bool>());
    sound.square().mean().backward();
    for (const auto& item : vocoder->named_parameters())
      EXPECT_TRUE(item.value().grad().defined() && item.value().grad().isfinite().all().item<bool>()) << item.key();
    EXPECT_TRUE(vocoder->forward(torch::zeros({1, 20, 9})).isfinite().all().item<bool>()) << "silence";
  }
}

TEST(Vocoders, OfConvolutionsNeedAStepThatIsAPowerOfTwo) {
  VocoderConfig config = small("mcnn");
  config.step = 120;
  EXPECT_EQ(error_of([&] { make_vocoder(config); }), "model.step: 120 must be a power of 2 for mcnn");
}

TEST(ShortTimeSpectra, AreInvertedExactly) {
  torch::manual_seed(1);
  const auto sound = torch::randn({2, 2048});
  EXPECT_TRUE(signal_of(short_time_spectra(sound, 512, 128), 512, 128).allclose(sound, 1e-4, 1e-4));
}

TEST(ShortTimeMagnitudes, AreThoseOfTheSpectraWithAndWithoutAGradient) {
  torch::manual_seed(1);
  for (const int samples : {2048, 2000, 512}) {
    const auto sound = torch::randn({3, samples}), wanted = short_time_spectra(sound, 512, 128).abs();
    EXPECT_TRUE(short_time_magnitudes(sound, 512, 128).allclose(wanted, 1e-4, 1e-4)) << samples;
    EXPECT_TRUE(short_time_magnitudes(sound.clone().requires_grad_(), 512, 128).requires_grad());
  }
}

TEST(GriffinLim, ComesCloserWithRoundsAndFasterWithMomentum) {
  const auto t = torch::arange(4096, torch::kFloat) / 8000;
  const auto sound = (torch::sin(2 * M_PI * 440 * t) + 0.5 * torch::sin(2 * M_PI * 1320 * t)).unsqueeze(0);
  const auto magnitude = short_time_spectra(sound, 512, 128).abs();
  const auto away = [&](int rounds, bool fast) {
    const auto again = short_time_spectra(griffin_lim(magnitude, 512, 128, rounds, fast), 512, 128).abs();
    return ((again - magnitude).norm() / magnitude.norm()).item<double>();
  };
  EXPECT_GT(away(1, false), away(10, false));
  EXPECT_GT(away(10, false), away(50, false));
  EXPECT_GT(away(50, false), away(50, true));
}

}  // namespace
}  // namespace nr
