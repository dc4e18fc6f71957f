#include "data/tags.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/files.h"
#include "data/loader.h"
#include "data/prepare.h"
#include "support/errors.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {

struct Set {
  TemporaryFolder folder;
  DataConfig data;
  DescriptorConfig descriptors;

  Set() {
    write_recordings(folder / "in", 30, 16000, 0.2);
    std::string manifest = "path,soft,wrong\n";
    for (int i = 0; i < 30; ++i)
      manifest += "tone" + std::to_string(i) + ".wav," + (i % 3 == 0 ? "" : i % 3 == 1 ? "1" : "-1") + ",0.5\n";
    write_file(folder / "in/manifest.csv", manifest);
    data.inputs = {(folder / "in").string()}, data.cache = (folder / "cache").string();
    data.segment = 1024, data.augment = {};
    descriptors.names = {"rms", "centroid"};
    prepare(data, descriptors);
  }
};

TEST(Tags, AreALabelsCells) {
  Set set;
  set.data.tags = {"soft"};
  const Dataset dataset(set.data, set.descriptors);
  for (size_t i = 0; i < dataset.clips().size(); ++i) {
    const std::string& cell = dataset.clips()[i].labels.at("soft");
    EXPECT_EQ(dataset.tags(int(i)), std::vector<float>{cell.empty() ? 0.f : std::stof(cell)});
  }
}

TEST(Tags, OfADescriptorAreTheOuterThirdsOfTheTrainingClips) {
  Set set;
  set.data.tags = {"centroid"};
  const Dataset dataset(set.data, set.descriptors);
  std::vector<std::pair<double, float>> train;
  for (const int clip : dataset.split(Split::kTrain))
    train.emplace_back(mean_of_descriptor(dataset, clip, 1), dataset.tags(clip)[0]);
  std::sort(train.begin(), train.end());
  for (size_t i = 0; i < train.size(); ++i)
    EXPECT_EQ(train[i].second, i < train.size() / 3 ? -1 : i >= 2 * train.size() / 3 ? 1 : 0) << i;
  LoaderConfig loading;
  loading.whole = true, loading.latent_hop = 1024;
  const Batch batch = Loader(dataset, Split::kTrain, {}, loading).batch(3);
  EXPECT_EQ(batch.tags.sizes(), (torch::IntArrayRef{8, 1}));
  EXPECT_GT(batch.tags.abs().sum().item<float>(), 0);
}

TEST(Tags, ThatAreNeitherAreRefused) {
  Set set;
  const auto error = [&](const std::string& tag) {
    set.data.tags = {tag};
    return error_of([&] { Dataset(set.data, set.descriptors); });
  };
  EXPECT_THAT(error("sofd"), testing::HasSubstr("data.tags: no recording has a label 'sofd' (did you mean 'soft'?)"));
  EXPECT_THAT(error("wrong"), testing::HasSubstr("'wrong' is 0.5, expected -1, 1 or an empty cell"));
}

}  // namespace
}  // namespace nr
