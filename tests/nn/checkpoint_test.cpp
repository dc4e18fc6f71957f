#include "nn/checkpoint.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/random.h"
#include "config/writer.h"
#include "support/errors.h"
#include "support/temporary.h"
#include "support/tiny_model.h"

namespace nr {
namespace {
using testing::EndsWith;
using testing::HasSubstr;

// A file with this header before `bytes` of data.
std::string with_header(const std::string& header, size_t bytes) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(bytes, '\0');
}

class CheckpointFile : public testing::Test {
 protected:
  TemporaryFolder folder;
  const std::filesystem::path path = folder / "x.safetensors";
  std::string refusal(const std::string& bytes) {
    write_file(path, bytes);
    return error_of([&] { read_checkpoint(path); });
  }
  std::string refusal_of_header(const std::string& header, size_t bytes) { return refusal(with_header(header, bytes)); }
};

TEST_F(CheckpointFile, GivesBackEveryKindOfTensorBitForBit) {
  torch::manual_seed(1);
  Checkpoint in;
  in.tensors = {{"a/weight", torch::randn({2, 3, 4})},
                {"bytes", torch::randint(0, 255, {5}, torch::kByte)},
                {"double", torch::randn({3}, torch::kDouble)},
                {"half", torch::randn({3}).to(torch::kHalf)},
                {"long", torch::tensor({-1l, 1l << 60})},
                {"none", torch::empty({0, 7})},
                {"scalar", torch::tensor(0.1)},
                {"strided", torch::randn({4, 6}).t()},
                {"yes", torch::tensor({true, false})}};
  in.texts = {{"config", "model: {type: rave}\n\"quoted\" ü\n"}, {"empty", ""}};
  write_checkpoint(path, in);
  const Checkpoint out = read_checkpoint(path);
  EXPECT_EQ(out.texts, in.texts);
  ASSERT_EQ(out.tensors.size(), in.tensors.size());
  for (const auto& [name, tensor] : in.tensors) {
    EXPECT_EQ(out.tensors.at(name).dtype(), tensor.dtype()) << name;
    EXPECT_TRUE(out.tensors.at(name).equal(tensor)) << name;
  }
}

TEST_F(CheckpointFile, MayHoldNothing) {
  write_checkpoint(path, {});
  EXPECT_TRUE(read_checkpoint(path).tensors.empty());
}

TEST_F(CheckpointFile, IsTheSameBytesForTheSameContents) {
  Checkpoint in;
  in.tensors = {{"b", torch::ones({3})}, {"a", torch::zeros({2}, torch::kByte)}};
  write_checkpoint(path, in), write_checkpoint(folder / "y.safetensors", in);
  EXPECT_EQ(read_file(path), read_file(folder / "y.safetensors"));
}

TEST_F(CheckpointFile, OfAForeignWriterIsRead) {  // as Python's safetensors writes it: no metadata, spaces around
  std::string file = with_header(R"({"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}   )", 0);
  const float data[] = {1.5f, -2};
  file.append(reinterpret_cast<const char*>(data), sizeof data);
  write_file(path, file);
  EXPECT_TRUE(read_checkpoint(path).tensors.at("x").equal(torch::tensor({1.5f, -2.f})));
}

TEST_F(CheckpointFile, CutAnywhereIsRefusedWithItsPath) {
  Checkpoint in;
  in.tensors = {{"a", torch::ones({5})}};
  write_checkpoint(path, in);
  const std::string whole = read_file(path);
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(refusal(whole.substr(0, size)), HasSubstr("x.safetensors: truncated: ")) << size;
  EXPECT_THAT(refusal(whole.substr(0, whole.size() - 4)),
              EndsWith(text("truncated: ", whole.size() - 4, " bytes found, ", whole.size(), " expected")));
  EXPECT_THAT(refusal(whole + "tail"),
              EndsWith(text(whole.size() + 4, " bytes found, only ", whole.size(), " expected")));
}

TEST_F(CheckpointFile, ThatIsAbsentOrSomethingElseSaysSo) {
  EXPECT_THAT(error_of([&] { read_checkpoint(folder / "none"); }), EndsWith("none: no such checkpoint"));
  EXPECT_THAT(error_of([&] { read_checkpoint(folder.path()); }), EndsWith("is not a file"));
  EXPECT_THAT(refusal("RIFF....WAVEfmt and so on"), HasSubstr("not a safetensors file"));
  EXPECT_THAT(refusal_of_header("{\"a\": ", 0), HasSubstr("its header is not JSON"));
  std::string huge = with_header("{}", 0);
  huge[6] = 1;
  EXPECT_THAT(refusal(huge), HasSubstr("a header of 281474976710658 bytes"));
}

TEST_F(CheckpointFile, WithAWrongHeaderNamesTheTensorAndWhatIsWrong) {
  const auto one = [&](const std::string& fields) { return refusal_of_header("{\"t\": {" + fields + "}}", 8); };
  EXPECT_THAT(one(R"("dtype": "F32", "shape": [3], "data_offsets": [0, 8])"),
              HasSubstr("tensor 't': it has 8 bytes, not what F32 [3] takes"));
  EXPECT_THAT(one(R"("dtype": "F33", "shape": [2], "data_offsets": [0, 8])"),
              HasSubstr("tensor 't': unknown dtype \"F33\""));
  EXPECT_THAT(one(R"("dtype": "F32", "shape": [-2], "data_offsets": [0, 8])"), HasSubstr("something else than sizes"));
  EXPECT_THAT(one(R"("dtype": "F32", "shape": [2], "data_offsets": [8, 0])"), HasSubstr("not a begin and an end"));
  EXPECT_THAT(one(R"("dtype": "F32", "shape": 2, "data_offsets": [0, 8])"), HasSubstr("its shape is no list"));
  EXPECT_THAT(one(R"("dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0])"),
              HasSubstr("it has 0 bytes"));
  EXPECT_THAT(one(R"("dtype": "F32")"), HasSubstr("expected the fields dtype, shape and data_offsets"));
  EXPECT_THAT(one(R"("dtype": "F32", "shape": [1], "data_offsets": [4, 8])"),
              HasSubstr("'t' begins at byte 4, expected 0"));
  EXPECT_THAT(refusal_of_header(R"({"a": {"dtype": "U8", "shape": [6], "data_offsets": [0, 6]},
                                    "b": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]}})", 8),
              HasSubstr("'b' begins at byte 4, expected 6"));
  EXPECT_THAT(refusal_of_header(R"({"__metadata__": {"step": 3}})", 0), HasSubstr("'step' is none"));
}

TEST_F(CheckpointFile, CannotBeWrittenOfAKindTheFormatLacks) {
  Checkpoint in;
  in.tensors = {{"z", torch::zeros({2}, torch::kComplexFloat)}};
  EXPECT_THAT(error_of([&] { write_checkpoint(path, in); }), HasSubstr("tensor 'z' is of a kind"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(StoredModule, IsACopyThatRestoresBitForBit) {
  torch::manual_seed(2);
  const RunConfig run = tiny_run_config();
  Autoencoder model(autoencoder_of(run.model), 1), other(autoencoder_of(run.model), 1);
  Checkpoint checkpoint;
  store(model, "model", checkpoint);
  const auto weight = model.decoder().named_parameters()["decoder/in/weight"];
  const auto before = weight.detach().clone();
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor(weight).zero_();
  }
  restore(other, "model", checkpoint);
  EXPECT_TRUE(other.decoder().named_parameters()["decoder/in/weight"].equal(before));
  EXPECT_TRUE(other.encoder().named_buffers()["encoder/norm0/mean"].equal(
      model.encoder().named_buffers()["encoder/norm0/mean"]));
}

TEST(StoredModule, IsRefusedByAnotherOneBeforeAnythingIsCopied) {
  torch::manual_seed(3);
  Autoencoder small(autoencoder_of(tiny_run_config(2).model), 1), large(autoencoder_of(tiny_run_config(4).model), 1);
  Checkpoint checkpoint;
  store(small, "model", checkpoint);
  const auto before = large.encoder().parameters()[0].detach().clone();
  EXPECT_THAT(error_of([&] { restore(large, "model", checkpoint); }),
              HasSubstr("' has shape [2, 4, 7], expected [4, 4, 7]"));
  EXPECT_TRUE(large.encoder().parameters()[0].equal(before));

  checkpoint.tensors["model/extra"] = torch::ones({1});
  EXPECT_EQ(error_of([&] { restore(small, "model", checkpoint); }),
            "checkpoint: tensor 'model/extra' has no place in this network");
  checkpoint.tensors.erase("model/extra");
  checkpoint.tensors["other/extra"] = torch::ones({1});
  EXPECT_EQ(error_of([&] { restore(small, "model", checkpoint); }), "no error");
  checkpoint.tensors["model/encoder.encoder/in/bias"] = torch::ones({2}, torch::kLong);
  EXPECT_THAT(error_of([&] { restore(small, "model", checkpoint); }), HasSubstr("expected float"));
  checkpoint.tensors.erase("model/encoder.encoder/in/bias");
  EXPECT_EQ(error_of([&] { restore(small, "model", checkpoint); }),
            "checkpoint: holds no tensor 'model/encoder.encoder/in/bias'");
}

}  // namespace
}  // namespace nr
