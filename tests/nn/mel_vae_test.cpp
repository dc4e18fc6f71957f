#include "nn/mel_vae.h"

#include <gmock/gmock.h>

#include <cmath>

#include "losses/table.h"
#include "models/model.h"
#include "nn/autoencoder.h"
#include "nn/discriminators.h"
#include "nn/griffin_lim.h"
#include "support/errors.h"

namespace nr {
namespace {

MelVaeConfig tiny() {
  MelVaeConfig c;
  c.sample_rate = 8000, c.window = 256, c.step = 128, c.mels = 24, c.frames = 8, c.channels = 3, c.kernel = 3;
  c.encoder_widths = {16}, c.decoder_widths = {12}, c.latent_size = 4, c.griffin_lim = 30;
  return c;
}

torch::Tensor sine(double hz, int samples, double amplitude = 0.5) {
  return amplitude * torch::sin(2 * M_PI * hz / 8000 * torch::arange(samples, torch::kFloat)).reshape({1, 1, samples});
}

int64_t count(torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& p : module.parameters()) sum += p.numel();
  return sum;
}

TEST(MelVae, CountsWhatItsLayersHold) {
  for (const int controls : {0, 3}) {
    for (const bool plain : {false, true}) {
      MelVaeConfig c = tiny();
      if (plain) c.latent = PlainLatent{};
      MelEncoder encoder(c);
      MelDecoder decoder(c, controls);
      EXPECT_EQ(measure_encoder(c).parameters, count(encoder));
      EXPECT_EQ(measure_decoder(c, controls).parameters, count(decoder));
      EXPECT_EQ(measure(c, controls).parameters, count(encoder) + count(decoder));
    }
  }
}

// 19.7 M for notes of 4 s, recomputed from the published program's layers.
TEST(MelVae, HasThePublishedSizeWithinOnePerCent) {
  EXPECT_NEAR(measure(MelVaeConfig{}, 1).parameters / 1e6, 19.7, 0.197);
}

TEST(MelVae, SilenceIsMinusOneAndBlocksDoNotSeeEachOther) {
  torch::manual_seed(1);
  Autoencoder model(AutoencoderConfig(tiny()), 0);
  model.eval();
  const int hop = model.graphs().hop;
  EXPECT_EQ(hop, 1024);
  const auto silent = model.encode(torch::zeros({1, 1, hop}));
  EXPECT_EQ(silent.bands.sizes(), torch::IntArrayRef({1, 24, 8}));
  EXPECT_LT((silent.bands + 1).abs().max().item<double>(), 1e-6);
  // The middle block is encoded and decoded alike beside other neighbours; the spectrum's frames overlap by half a
  // window, silent here.
  auto a = torch::zeros({1, 1, 3 * hop}), b = a.clone();
  const auto note = sine(440, hop / 2);
  a.narrow(2, hop + hop / 4, hop / 2).copy_(note), b.copy_(a);
  b.narrow(2, 2 * hop + hop / 4, hop / 2).copy_(sine(900, hop / 2));
  const auto za = model.encode(a).posterior.mean, zb = model.encode(b).posterior.mean;
  EXPECT_EQ(za.sizes(), torch::IntArrayRef({1, 4, 3}));
  EXPECT_LT((za - zb).narrow(2, 0, 2).abs().max().item<double>(), 1e-6);
  EXPECT_GT((za - zb).narrow(2, 2, 1).abs().max().item<double>(), 1e-4);
  const auto da = model.decode(za, {}).bands, db = model.decode(zb, {}).bands;
  EXPECT_LT((da - db).narrow(2, 0, 16).abs().max().item<double>(), 1e-5);
}

TEST(MelVae, TheLogMelOfASineStandsInItsBand) {
  MelEncoder encoder(tiny());
  encoder.eval();
  const auto bands = encoder.run({{"audio", sine(1000, 4096)}})["bands"];
  const auto mel = bands[0].select(1, 16);  // an inner frame
  EXPECT_EQ(mel.argmax().item<int64_t>(), 10)
      << "24 bands have their peaks 1.406 mel apart: the 11th, at 15.47, is the nearest to 15 mel, 1 kHz";
}

TEST(MelVae, GriffinLimPlaysWhatTheSpectrogramHolds) {
  MelVaeConfig c = tiny();
  c.floor = 1e-6, c.mels = 64;
  MelEncoder encoder(c);
  MelSynthesis synthesis(c);
  encoder.eval();
  const auto bands = encoder.run({{"audio", sine(700, 4096)}})["bands"];
  const auto heard = synthesis.run({{"bands", bands}})["audio"];
  ASSERT_EQ(heard.sizes(), torch::IntArrayRef({1, 1, 4096}));
  const auto spectrum = torch::abs(torch::fft_rfft(heard.narrow(2, 1024, 2048).flatten()));
  EXPECT_NEAR(spectrum.argmax().item<double>() * 8000 / 2048, 700, 8);
  EXPECT_NEAR(heard.narrow(2, 1024, 2048).square().mean().sqrt().item<double>(), 0.5 / std::sqrt(2), 0.07);
  EXPECT_TRUE(heard.equal(synthesis.run({{"bands", bands}})["audio"])) << "the same phases at every call";
  EXPECT_LT(synthesis.run({{"bands", torch::full({1, 64, 8}, -1.0f)}})["audio"].abs().max().item<double>(), 1e-3)
      << "silence";
}

TEST(GriffinLim, ComesCloserWithEveryRound) {
  torch::manual_seed(3);
  const auto audio = sine(300, 8192) + sine(517, 8192, 0.2) + 0.05 * torch::randn({1, 1, 8192});
  const auto magnitude = short_time_spectra(audio.squeeze(1), 512, 128).abs();
  const auto error = [&](int rounds) {
    const auto again = short_time_spectra(griffin_lim(magnitude, 512, 128, rounds), 512, 128).abs();
    return ((again - magnitude).norm() / magnitude.norm()).item<double>();
  };
  const double one = error(1), ten = error(10), fifty = error(50);
  EXPECT_LT(ten, one);
  EXPECT_LT(fifty, ten);
  EXPECT_LT(fifty, 0.15);
}

TEST(GriffinLim, UnfoldsBandsToWhatGivesThem) {
  // Triangles that overlap by half, as mel filters do.
  const auto place = torch::arange(12).unsqueeze(0) - 2 * torch::arange(6).unsqueeze(1) - 0.5;
  const auto filters = (1 - place.abs() / 2).clamp_min(0);
  const auto bands = torch::matmul(filters, torch::rand({1, 12, 3}));
  const auto x = unfold_bands(filters, bands);
  EXPECT_GE(x.min().item<double>(), 0);
  EXPECT_LT(((torch::matmul(filters, x) - bands).norm() / bands.norm()).item<double>(), 0.02)
      << "at most 0.0092 for 2000 seeds";
}

// Published F-VAE code detaches the latent first, so that its fader trains no part.
TEST(MelVae, AFadersGradientReachesTheEncoder) {
  torch::manual_seed(1);
  Autoencoder model(AutoencoderConfig(tiny()), 1);
  const Parts parts{{"latent_discriminator",
                     std::make_shared<LatentDiscriminator>(LatentDiscriminatorConfig{16, 1, 1}, 4, 1, 8)}};
  const auto audio = 0.1 * torch::randn({4, 1, 1024});
  Values values;
  values.set("batch.classes", torch::randint(8, {4, 1, 1}, torch::kLong));
  values.set("latent", model.encode(audio).posterior.mean);
  losses().at("fader_confusion").value({values, {}, parts}).backward();
  EXPECT_GT(model.encoder().named_parameters()["image.0.weight"].grad().abs().sum().item<double>(), 0);
}

TEST(MelVae, SaysWhatItWasNotGiven) {
  MelEncoder encoder(tiny());
  MelDecoder decoder(tiny(), 2);
  EXPECT_EQ(error_of([&] {
              encoder.run({{"audio", torch::zeros({1, 1, 1000})}});
            }),
            "mel_vae: 1000 samples were given, expected a multiple of 1024");
  EXPECT_EQ(error_of([&] { decoder.run({{"latent", torch::zeros({1, 4, 1})}}); }), "mel_vae: 'controls' was not given");
  EXPECT_EQ(error_of([&] {
              decoder.run({{"latent", torch::zeros({1, 3, 1})}});
            }),
            "mel_vae: 'latent' has 4 channels, not the 3 given");
}

}  // namespace
}  // namespace nr
