#include <gmock/gmock.h>

#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "systems/table.h"

namespace nr {
namespace {

const std::string kRepresentation = "training.phases.representation.optimisers.";

TEST(RunConfig, RefusesWithTheFileAndLineOfTheFieldThatDoesNotFit) {
  const TemporaryFolder folder;
  const std::string file = folder / "mine.yaml";
  write_file(file, "extends: " NR_SOURCE_DIR
                   "/configs/tiny/f_rave.yaml\ntraining:\n  phases:\n    representation:\n      optimisers:\n"
                   "        autoencoder:\n          losses:\n            mel_mse: 1\n");
  EXPECT_EQ(error_of([&] { read_run_config(config::load(file)); }),
            file +
                ":8: training.phases.representation.optimisers.autoencoder.losses.mel_mse reads target.mel, which a "
                "rave does not have");
}

TEST(RunConfig, RefusesToMinimiseWhatIsOnlyWatched) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/f_rave.yaml");
  config::set(root, kRepresentation + "autoencoder.losses.out_of_tune=1");
  EXPECT_THAT(error_of([&] { read_run_config(root); }),
              testing::HasSubstr("losses.out_of_tune has no gradient to minimise: validation measures it without"));
}

TEST(RunConfig, OfEverySystemHasPartsAndValuesThatItsLossesName) {
  for (const char* file : {"/configs/tiny/f_rave.yaml", "/configs/rave/rave_v2.yaml", "/configs/mel/f_vae.yaml",
                           "/configs/prior/prior.yaml"})
    EXPECT_EQ(error_of([&] { read_run_config(config::load(std::string(NR_SOURCE_DIR) + file)); }), "no error");
}

TEST(RunConfig, AWeightOfZeroLeavesOutTheLossAndAnOptimiserOfNothingElse) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/f_rave.yaml");
  const std::string optimisers = "training.phases.representation.optimisers.";
  config::set(root, optimisers + "autoencoder.losses.fader_confusion=0");
  config::set(root, optimisers + "latent_discriminator.losses.fader_discriminator=0");
  config::set(root, "descriptors.controls=[]");
  const RunConfig config = read_run_config(root);
  ASSERT_EQ(config.training.phases[0].second.optimisers.size(), 1u);
  EXPECT_EQ(config.training.phases[0].second.optimisers[0].second.losses.count("fader_confusion"), 0u);
}

TEST(RunConfig, ChecksFieldsAgainstOneAnother) {
  const auto refusal = [](const std::string& setting, const std::string& other = "") {
    return error_of([&] {
      config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/f_rave.yaml");
      config::set(root, setting);
      if (!other.empty()) config::set(root, other);
      read_run_config(root);
    });
  };
  EXPECT_EQ(refusal("data.segment=5000"),
            "--set data.segment: data.segment: 5000 must be a multiple of the model's hop of 32 samples, and at least "
            "4 of them");
  EXPECT_EQ(refusal("descriptors.hop=24"),
            "--set descriptors.hop: descriptors.hop: 24 must divide the model's hop of 32 samples");
  EXPECT_THAT(refusal("descriptors.controls=[]"),
              testing::HasSubstr("reads batch.classes, which needs descriptors.controls, which is empty"));
  EXPECT_THAT(refusal("model.excitation.bins=8"),
              testing::HasSubstr("model.excitation: plays at a pitch, but pitch is not among descriptors.controls ("));
  EXPECT_THAT(refusal("descriptors.weights={pitch: 2}"),
              testing::HasSubstr("descriptors.weights: 'pitch' is not among descriptors.controls"));
  EXPECT_THAT(refusal("descriptors.weights={rms: 0}"),
              testing::HasSubstr("descriptors.weights.rms: 0 must be more than 0"));
  EXPECT_THAT(refusal("descriptors.weights={loudnes: 2}"), testing::HasSubstr("did you mean 'loudness'?"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.losses.exchange_periodicity=1"),
              testing::HasSubstr(
                  "exchange_periodicity reads exchanged.aperiodicity, which needs pitch among descriptors.controls ("));
  EXPECT_THAT(refusal("descriptors.controls=[pitch]", "descriptors.weights={pitch: 2}"),
              testing::HasSubstr("'pitch' has no differentiable form to weigh"));
  EXPECT_THAT(refusal("descriptors.controls=[pitch]", kRepresentation + "autoencoder.losses.exchange_movement=1"),
              testing::HasSubstr("reads exchanged.descriptors, which needs rms or centroid or bandwidth or flatness or "
                                 "rolloff or brightness or sharpness or warmth or booming among descriptors.controls "
                                 "(pitch)"));
  EXPECT_THAT(refusal("training.phases.representation.optimisers.autoencoder.losses.fulband_stft=1"),
              testing::HasSubstr("unknown name 'fulband_stft' (did you mean 'fullband_stft'?)"));
  EXPECT_THAT(refusal("training.phases.representation.optimisers.latent_discriminator.parts=[decoder]"),
              testing::HasSubstr("is trained by another optimiser of this phase already"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.losses.fader_reversal=1"),
              testing::HasSubstr("autoencoder.losses.fader_reversal needs encoder and latent_discriminator among the "
                                 "parts that it trains, but the optimiser's parts are encoder, decoder"));
  EXPECT_THAT(refusal(kRepresentation + "latent_discriminator.losses.fader_uniform=1"),
              testing::HasSubstr(
                  "needs encoder among the parts that it trains, but the optimiser's parts are latent_discriminator"));
  EXPECT_THAT(
      refusal(kRepresentation + "autoencoder.parts=[encoder, decoder, latent_discriminator]"),
      testing::HasSubstr("reads the latent_discriminator without training it, but it is among the optimiser's parts"));
  const std::string discriminator = "training.waveform_discriminator";
  EXPECT_THAT(refusal(discriminator + ".scales=0"),
              testing::HasSubstr("has no sub-discriminator: scales is 0, periods and stft_sizes are empty"));
  EXPECT_THAT(refusal(discriminator + ".periods=[3, 3]"), testing::HasSubstr("periods: a number stands twice"));
  EXPECT_THAT(refusal(discriminator + ".capacity=6"), testing::HasSubstr("capacity: 6 must be a multiple of 4"));
  EXPECT_THAT(refusal(discriminator + ".stft_sizes=[8192]"),
              testing::HasSubstr("stft_sizes: 8192 must be less than twice data.segment (4096)"));
  EXPECT_THAT(refusal(discriminator + "={stft_sizes: [64], stft_bands: [0.5, 0.5]}"),
              testing::HasSubstr("0.5 is bin 16 of 32 after bin 16"));
  EXPECT_THAT(refusal("training.adversarial=square"), testing::HasSubstr("least_squares"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.offsets=[0, 1]"),
              testing::HasSubstr("autoencoder.offsets: 1 must be less than every (1)"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder={every: 4, offsets: [1]}"),
              testing::HasSubstr("autoencoder needs parts and losses"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.parts=[encoder, decodr]"),
              testing::HasSubstr("parts: a rave has no part 'decodr' (did you mean 'decoder'?)"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.losses.mel_mse=1"),
              testing::HasSubstr("mel_mse reads target.mel, which a rave does not have"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.offsets=[]"), testing::HasSubstr("autoencoder.offsets is empty"));
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.repeat=2"),
              testing::HasSubstr("but the encoder runs once a step"));
}

TEST(RunConfig, APhaseWithoutStepsNeedNotFit) {
  config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/tiny/rave.yaml");
  const std::string phase = "training.phases.adversarial";
  config::set(root, phase + ".optimisers.decoder.losses.reconstruction_movement=1");
  EXPECT_THAT(
      error_of([&] { read_run_config(root); }),
      testing::HasSubstr(
          "reconstruction_movement reads decoded.descriptors, which needs descriptors.controls, which is empty"));
  config::set(root, phase + ".steps=0");
  EXPECT_EQ(error_of([&] { read_run_config(root); }), "no error");
}

TEST(RunConfig, OfAMelVaeChecksWhatItIsOf) {
  const auto refusal = [](const std::string& setting) {
    return error_of([&] {
      config::Value root = config::load(std::string(NR_SOURCE_DIR) + "/configs/mel/f_vae.yaml");
      config::set(root, setting);
      read_run_config(root);
    });
  };
  EXPECT_EQ(refusal("seed=2"), "no error");
  EXPECT_THAT(
      refusal("data.sample_rate=44100"),
      testing::HasSubstr(
          "model.sample_rate: 16000 must be data.sample_rate (44100): the bands of a mel_vae are made for one rate"));
  EXPECT_EQ(refusal("training.batch=1"),
            "--set training.batch: training.batch: 1, but a mel_vae normalises by the batch and needs 2 latents in it");
  EXPECT_THAT(refusal(kRepresentation + "autoencoder.losses.exchange_consistency=1"),
              testing::HasSubstr("exchange_consistency reads exchanged.descriptors, which a mel_vae does not have"));
  EXPECT_THAT(refusal("data.segment=64000"),
              testing::HasSubstr("must be a multiple of the model's hop of 64512 samples, and at least 1 of them"));
  EXPECT_THAT(refusal("model.latent={type: plain}"),
              testing::HasSubstr("kl reads posterior.std, which needs a gaussian latent"));
}

}  // namespace
}  // namespace nr
