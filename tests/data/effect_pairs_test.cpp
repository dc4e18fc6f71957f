// Pairs of dry and wet crops that the loader makes with data.effects.
#include <gmock/gmock.h>
#include <torch/types.h>

#include <cmath>

#include "data/loader.h"
#include "data/prepare.h"
#include "effects/labels.h"
#include "support/errors.h"
#include "support/note_set.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

struct PreparedPairs {
  TemporaryFolder folder;
  DataConfig data;
  DescriptorConfig descriptors;

  explicit PreparedPairs(const std::string& chain = "effects: [{one_of: [{tanh: {drive: [10, 30]}}, "
                                               "{bit_crush: {bits: [3, 6], mix: [0.5, 1]}}]}]") {
    write_notes(folder / "notes", 60, 63);
    data.inputs = {(folder / "notes").string()}, data.cache = (folder / "cache").string();
    data.sample_rate = kNoteRate, data.segment = kNoteSamples, data.augment = {};
    data.effects.read(config::parse_text(chain), "data.effects");
    data.pairs = true;
    descriptors.names = {"rms"}, descriptors.window = 512, descriptors.hop = 128;
    prepare(data, descriptors);
  }
  Batch batch(Split split, int64_t step = 0, bool augment = true, int threads = 0) const {
    const Dataset dataset(data, descriptors);
    LoaderConfig config;
    config.latent_hop = kNoteSamples, config.augment = augment, config.threads = threads, config.whole = true;
    return Loader(dataset, split, {}, config).batch(step);
  }
};

std::vector<float> row(const torch::Tensor& tensor, int64_t i) {
  const auto flat = tensor[i].flatten().contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

TEST(EffectPairs, AreTheDryCropBehindWhatTheirParametersSay) {
  const PreparedPairs prepared;
  const ChainLabels labels(prepared.data.effects);
  for (const bool augment : {true, false}) {
    const Batch batch = prepared.batch(augment ? Split::kTrain : Split::kValidation, 3, augment);
    ASSERT_EQ(batch.wet.sizes(), batch.audio.sizes());
    ASSERT_EQ(batch.parameters.size(1), 4);
    EXPECT_GT(batch.parameters.select(1, 0).std().item<float>(), 0) << "not always the same effect";
    for (int64_t i = 0; i < batch.audio.size(0); ++i) {
      const Links links = labels.links(row(batch.parameters, i).data());
      const WetSound wet = apply(links, row(batch.audio, i), kNoteRate, ChainConfig::Level::kRms);
      const auto made = torch::tensor(wet.samples);
      EXPECT_LT((made - batch.wet[i][0]).abs().max().item<float>(), 1e-4) << describe(links);
      EXPECT_NEAR(batch.gain[i].item<float>(), 20 * std::log10(wet.gain), 0.01);
      EXPECT_NEAR((batch.wet[i].norm() / batch.audio[i].norm()).item<float>(), 1, 1e-3) << "the level is matched";
      EXPECT_GT((batch.wet[i] - batch.audio[i]).norm().item<float>(), 0.01 * batch.audio[i].norm().item<float>());
    }
  }
}

TEST(EffectPairs, AreTheSameForTheSameStep) {
  const PreparedPairs prepared;
  const Batch one = prepared.batch(Split::kTrain, 5), other = prepared.batch(Split::kTrain, 5, true, 2),
              next = prepared.batch(Split::kTrain, 6);
  EXPECT_TRUE(one.wet.equal(other.wet));
  EXPECT_TRUE(one.parameters.equal(other.parameters));
  EXPECT_FALSE(one.parameters.equal(next.parameters));
}

TEST(EffectPairs, AreAugmentedBeforeTheEffects) {
  PreparedPairs prepared("effects: [{gain: {gain: [3, 6]}}]");
  prepared.data.augment = {{"polarity", 1}};
  const Batch batch = prepared.batch(Split::kTrain);
  EXPECT_LT((batch.wet - batch.audio).abs().max().item<float>(), 1e-4) << "a gain is taken away by level-matching";
  EXPECT_LT(batch.gain.max().item<float>(), -2.9);
}

TEST(EffectPairs, AreRefusedBesideOthers) {
  PreparedPairs prepared;
  prepared.data.wet = "behind";
  const auto error = [&] { return error_of([&] { prepared.batch(Split::kTrain); }); };
  EXPECT_NE(error(), "no error");
  prepared.data.wet = "", prepared.data.effects = {};
  EXPECT_THAT(error(), HasSubstr("data.pairs: needs data.effects"));
}

}  // namespace
}  // namespace nr
