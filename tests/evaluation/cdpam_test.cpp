// CDPAM's network, against the same sums written out, with weights drawn at random.
#include "evaluation/cdpam.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "base/error.h"
#include "nn/safetensors.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {

using testing::HasSubstr;

std::vector<int64_t> channels() {
  std::vector<int64_t> out{1};
  for (int layer = 0; layer < 16; ++layer) out.push_back(layer == 15 ? 6 : 3);
  return out;
}

// As published, but with 3 channels, a kernel of 5 samples and embeddings of 3 numbers.
Checkpoint small() {
  torch::manual_seed(1);
  Checkpoint out;
  const auto sizes = channels();
  for (int i = 0; i < 16; ++i) {
    const std::string conv = text("base_encoder.encoder.", i, "."), norm = text("base_encoder.ebatch.", i, ".");
    const int64_t from = sizes[size_t(i)], to = sizes[size_t(i) + 1];
    out.tensors[conv + "weight"] = torch::randn({to, from, 5}) / 3;
    out.tensors[conv + "bias"] = torch::randn({to});
    out.tensors[norm + "weight"] = torch::rand({to}) + 0.5, out.tensors[norm + "bias"] = torch::randn({to});
    out.tensors[norm + "running_mean"] = torch::randn({to}) * (i == 0 ? 1000 : 1);
    out.tensors[norm + "running_var"] = (torch::rand({to}) + 0.5) * (i == 0 ? 1e7 : 1);
  }
  const int64_t widths[] = {3, 5, 4, 3, 2};
  for (int i = 0; i < 4; ++i) {
    const std::string name = text("model_dist.convs.", i, ".0.");
    out.tensors[name + "weight"] = torch::randn({widths[i + 1], widths[i]});
    out.tensors[name + "bias"] = torch::randn({widths[i + 1]});
    out.tensors[text("model_dist.chan_w.", i)] = torch::randn({widths[i + 1]});
  }
  return out;
}

// As the published code has it: every layer whole, then every other frame of every fourth, all outputs of the last.
torch::Tensor embedding(const Checkpoint& w, const std::vector<float>& samples) {
  const auto at = [&](const std::string& name) { return w.tensors.at(name); };
  torch::Tensor x = (torch::tensor(samples) * 32768).round().view({1, 1, -1});
  for (int i = 0; i < 16; ++i) {
    const std::string conv = text("base_encoder.encoder.", i, "."), norm = text("base_encoder.ebatch.", i, ".");
    x = torch::conv1d(x, at(conv + "weight"), at(conv + "bias"), 1, 2);
    x = torch::batch_norm(x, at(norm + "weight"), at(norm + "bias"), at(norm + "running_mean"),
                          at(norm + "running_var"), false, 0.1, 1e-5, false);
    x = torch::leaky_relu(x, 0.1);
    if ((i + 1) % 4 == 0) x = x.index({torch::indexing::Slice(), torch::indexing::Slice(),
                                       torch::indexing::Slice(torch::indexing::None, torch::indexing::None, 2)});
  }
  x = x.sum(2) / x.size(2);
  x = x.narrow(1, 0, x.size(1) / 2);
  return x / x.norm();
}

double distance(const Checkpoint& w, torch::Tensor a, torch::Tensor b) {
  double out = 0;
  for (int i = 0; i < 4; ++i) {
    const auto layer = [&](const torch::Tensor& x) {
      const std::string name = text("model_dist.convs.", i, ".0.");
      const torch::Tensor y = torch::linear(x, w.tensors.at(name + "weight"), w.tensors.at(name + "bias"));
      return i < 3 ? torch::leaky_relu(y, 0.01) : y;
    };
    a = layer(a), b = layer(b);
    out += ((b - a) * w.tensors.at(text("model_dist.chan_w.", i))).abs().sum().item<double>();
  }
  return out;
}

std::vector<float> noise(int64_t seed, double amplitude, int64_t samples = 5001) {
  torch::manual_seed(seed);
  const torch::Tensor x = torch::rand({samples}) * (2 * amplitude) - amplitude;
  return {x.data_ptr<float>(), x.data_ptr<float>() + samples};
}

TEST(Cdpam, IsTheSumWrittenOut) {
  const TemporaryFolder folder;
  const Checkpoint weights = small();
  write_checkpoint(folder / "cdpam.safetensors", weights);
  const Cdpam cdpam(folder / "cdpam.safetensors");
  const auto a = noise(2, 0.5), b = noise(3, 0.1);
  const double expected = distance(weights, embedding(weights, a), embedding(weights, b));
  ASSERT_GT(expected, 0.01);
  EXPECT_NEAR(cdpam.distance(a, b, 22050), expected, 1e-4 * expected);
  EXPECT_EQ(cdpam.distance(a, a, 22050), 0);
}

TEST(Cdpam, HearsAt22050Hz) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "cdpam.safetensors", small());
  const Cdpam cdpam(folder / "cdpam.safetensors");
  std::vector<float> fast(44100), slow(22050);
  for (size_t i = 0; i < fast.size(); ++i) fast[i] = float(0.5 * std::sin(2 * M_PI * 440 * double(i) / 44100));
  for (size_t i = 0; i < slow.size(); ++i) slow[i] = fast[2 * i];
  const auto other = noise(3, 0.1, 22050);
  EXPECT_NEAR(cdpam.distance(fast, fast, 44100), 0, 1e-9);
  EXPECT_GT(cdpam.distance(slow, other, 22050), 0.01);
}

TEST(Cdpam, RefusesOtherWeights) {
  const TemporaryFolder folder;
  const auto refusal = [&](auto change) {
    Checkpoint weights = small();
    change(weights.tensors);
    write_checkpoint(folder / "x.safetensors", weights);
    return error_of([&] { Cdpam(folder / "x.safetensors"); });
  };
  EXPECT_THAT(refusal([](auto& tensors) { tensors.erase("base_encoder.ebatch.7.running_var"); }),
              HasSubstr("x.safetensors: has no tensor base_encoder.ebatch.7.running_var; expected the weights of"));
  EXPECT_THAT(refusal([](auto& tensors) { tensors["base_encoder.encoder.3.weight"] = torch::zeros({3, 2, 5}); }),
              HasSubstr("base_encoder.encoder.3.weight has the shape [3, 2, 5], expected 3 inputs"));
  EXPECT_THAT(refusal([](auto& tensors) { tensors["model_dist.convs.1.0.weight"] = torch::zeros({4, 3}); }),
              HasSubstr("model_dist.convs.1.0.weight has the shape [4, 3], expected [4, 5]"));
}

}  // namespace
}  // namespace nr
