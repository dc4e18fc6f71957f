#include "nn/vocoders.h"

#include <gtest/gtest.h>

#include <cmath>

#include "losses/vocoder.h"
#include "nn/griffin_lim.h"
#include "nn/spectrogram.h"
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
  for (const char* network : {"mcnn", "vocos", "vocos_steps"}) {
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

// Where nothing changes, vocos repeats itself at every step; a sine between two bins needs phases that go on.
TEST(Vocoders, OfPhaseStepsPlayASineBetweenTwoBins) {
  const torch::NoGradGuard no_grad;
  const double further = 0.7;  // radians a step
  for (const char* network : {"vocos", "vocos_steps"}) {
    const VocoderConfig config = small(network);
    const auto vocoder = make_vocoder(config);
    auto parameters = vocoder->named_parameters();
    parameters["last.weight"].zero_();
    parameters["last.bias"].fill_(-30);
    parameters["last.bias"][20] = 3;                           // magnitude of bin 20
    parameters["last.bias"].narrow(0, 257, 257).fill_(further);
    const auto sound = vocoder->forward(torch::ones({1, 20, 40})).flatten().narrow(0, 1024, 2048);
    const auto spectrum = torch::fft_rfft(sound * torch::hann_window(2048)).abs();
    const double bin = spectrum.argmax().item<double>() / 4, wanted = 20 + further / (2 * M_PI) * 512 / 128;
    EXPECT_NEAR(bin, std::string(network) == "vocos" ? 20 : wanted, 0.26) << network;
    const auto period = (sound.narrow(0, 128, 1024) - sound.narrow(0, 0, 1024)).abs().max().item<double>();
    EXPECT_EQ(period < 1e-4, std::string(network) == "vocos") << period;
  }
}

// One note, which all three must be able to learn by heart.
TEST(Vocoders, LearnANote) {
  for (const auto& [network, rate, most] :
       {std::tuple{"vocos", 3e-3, -10.0}, {"vocos_steps", 2e-3, -10.0}, {"mcnn", 3e-3, -3.0}}) {
    torch::manual_seed(1);
    VocoderConfig config = small(network);
    config.width = 32, config.channels = 64;
    const auto vocoder = make_vocoder(config);
    const auto t = torch::arange(2048, torch::kFloat) / 8000;
    const auto note = ((0.4 * torch::sin(2 * M_PI * 440 * t) + 0.2 * torch::sin(2 * M_PI * 1320 * t)) *
                       torch::exp(-4 * t)).reshape({1, 1, 2048});
    const auto magnitudes = MelBands(config, 8000).magnitudes(note);
    torch::optim::Adam optimiser(vocoder->parameters(), torch::optim::AdamOptions(rate).betas({0.9, 0.95}));
    LossSettings settings;
    settings.stft_sizes = {512, 256};
    const Parts parts;
    for (int step = 0; step < 250; ++step) {
      Values values;
      values.set("target.audio", note), values.set("decoded.audio", vocoder->forward(magnitudes));
      const LossInput in{values, settings, parts};
      optimiser.zero_grad();
      (3 * spectral_convergence(in) + 6 * log_magnitude(in)).backward();
      optimiser.step();
    }
    const torch::NoGradGuard no_grad;
    const auto of = [&](const torch::Tensor& x) { return short_time_spectra(x.squeeze(1), 512, 128).abs(); };
    const auto wanted = of(note), found = of(vocoder->forward(magnitudes));
    EXPECT_LT(20 * std::log10(((found - wanted).norm() / wanted.norm()).item<double>()), most) << network;
  }
}

TEST(ShortTimeSpectra, AreInvertedExactlyAndTheEndFades) {
  torch::manual_seed(1);
  const auto sound = torch::randn({2, 2048}), back = signal_of(short_time_spectra(sound, 512, 128), 512, 128);
  const int64_t whole = 2048 - 128;
  EXPECT_TRUE(back.narrow(1, 0, whole).allclose(sound.narrow(1, 0, whole), 1e-4, 1e-4));
  EXPECT_TRUE((back.abs() <= sound.abs() + 1e-4).all().item<bool>());
}

// The last samples lie under the end of one window alone, which is nearly 0.
TEST(ShortTimeSpectra, ThatNoSignalHasDoNotBurstAtTheEnd) {
  torch::manual_seed(1);
  const auto phases = 6.28 * torch::rand({8, 257, 16});
  const auto sound = signal_of(torch::polar(torch::ones_like(phases), phases), 512, 128).abs();
  EXPECT_LT(sound.narrow(1, 2048 - 128, 128).max().item<double>(), 1.5 * sound.narrow(1, 0, 1024).max().item<double>());
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
