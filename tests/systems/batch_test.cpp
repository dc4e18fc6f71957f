#include <gmock/gmock.h>
#include <torch/torch.h>

#include "support/errors.h"
#include "systems/system.h"
#include "systems/table.h"

namespace nr {
namespace {

TEST(BatchValues, AreTheTensorsThatABatchHasAndNoOthers) {
  Batch batch;
  batch.audio = torch::zeros({2, 1, 8}), batch.parameters = torch::ones({2, 3});
  batch.labels["instrument"] = torch::eye(2);
  Values values;
  add_batch(batch, values);
  EXPECT_TRUE(values["batch.audio"].is_same(batch.audio));
  EXPECT_TRUE(values["batch.labels.instrument"].is_same(batch.labels["instrument"]));
  EXPECT_EQ(values["batch.parameters"].size(1), 3);
  EXPECT_FALSE(values.has("batch.wet"));
  EXPECT_FALSE(values.has("batch.controls"));
}

TEST(BatchValues, SayWhichFieldOfTheConfigTheyLack) {
  RunConfig config;
  config.data.labels = {"style"};
  const std::vector<ValueOffer> offers = batch_values(config);
  const auto lacking = [&](const std::string& name) {
    for (const ValueOffer& offer : offers)
      if (offer.name == name) return offer.lacking;
    return std::string("not offered");
  };
  EXPECT_EQ(lacking("batch.audio"), "");
  EXPECT_EQ(lacking("batch.labels.style"), "");
  EXPECT_EQ(lacking("batch.labels.instrument"), "not offered");
  EXPECT_EQ(lacking("batch.wet"), "data.wet, which is empty");
  EXPECT_EQ(lacking("batch.parameters"), "data.parameters, which is empty");
}

}  // namespace
}  // namespace nr
