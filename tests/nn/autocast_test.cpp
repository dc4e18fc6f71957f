#include "nn/autocast.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "models/model.h"
#include "nn/convolution.h"
#include "nn/discriminators.h"
#include "nn/graph_module.h"

namespace nr {
namespace {

double apart(const torch::Tensor& a, const torch::Tensor& b) { return ((a - b).norm() / a.norm()).item<double>(); }

// bfloat16 has 8 bits of precision: a rounding is at most 2^-8.
void expect_rounded(const torch::Tensor& exact, const torch::Tensor& mixed) {
  EXPECT_EQ(mixed.scalar_type(), torch::kFloat);
  EXPECT_GT(apart(exact, mixed), 1e-5) << "nothing was computed in bfloat16";
  EXPECT_LT(apart(exact, mixed), 0.05);
}

TEST(Autocast, IsOffOutsideAStepInMixedPrecision) {
  const torch::Device cpu(torch::kCPU);
  {
    const Autocast pass(cpu, true);
    EXPECT_FALSE(autocasts(cpu));
  }
  const MixedPrecision mixed(true);
  EXPECT_FALSE(autocasts(cpu));
  const Autocast pass(cpu, true);
  EXPECT_TRUE(autocasts(cpu));
  const Autocast piece(cpu, false);
  EXPECT_FALSE(autocasts(cpu));
}

TEST(Autocast, OfAGraphLeavesItsFilterBankItsOutputsAndItsGradientsInFloat32) {
  torch::manual_seed(1);
  RaveConfig config;
  config.bands = 4, config.capacity = 4, config.ratios = {4, 2}, config.latent_size = 3;
  const ModelGraphs graphs = describe(config, 2);
  GraphModule encoder(graphs.encoder), decoder(graphs.decoder);
  const auto audio = torch::randn({2, 1, 32 * 16}), controls = torch::rand({2, 2, 16});
  const auto pass = [&](bool on) {
    const MixedPrecision mixed(on);
    Wires coded = encoder.run({{"audio", audio}});
    Wires decoded = decoder.run({{"latent", coded["mean"]}, {"controls", controls}});
    encoder.zero_grad(), decoder.zero_grad();
    decoded["audio"].square().mean().backward();
    const auto gradient = decoder.named_parameters()["decoder/in/weight"].grad();
    return std::vector<torch::Tensor>{coded["bands"], coded["mean"], decoded["audio"], gradient.clone()};
  };
  const auto exact = pass(false), mixed = pass(true);
  EXPECT_TRUE(exact[0].equal(mixed[0]));
  for (size_t i = 1; i < exact.size(); ++i) expect_rounded(exact[i], mixed[i]);
}

TEST(Autocast, OfDiscriminatorsGivesFloat32) {
  torch::manual_seed(2);
  WaveformDiscriminatorConfig config;
  config.capacity = 8, config.scales = 2;
  WaveformDiscriminator waveform(config);
  LatentDiscriminator latent({8, 1, 3}, 4, 2, 16);
  const auto audio = torch::randn({2, 1, 2048}), z = torch::randn({2, 4, 16});
  const auto waveform_exact = waveform.forward(audio);
  const auto latent_exact = latent.forward(z, true);
  const MixedPrecision mixed(true);
  const auto waveform_mixed = waveform.forward(audio);
  for (size_t i = 0; i < waveform_exact.size(); ++i)
    for (size_t j = 0; j < waveform_exact[i].size(); ++j) expect_rounded(waveform_exact[i][j], waveform_mixed[i][j]);
  expect_rounded(latent_exact, latent.forward(z, true));
}

// LibTorch 1.13 has none on the CPU.
TEST(Autocast, OfATransposedConvolutionOnTheCpuIsOurs) {
  torch::manual_seed(3);
  ConvolutionLayer layer;
  layer.weight = torch::randn({4, 3, 8}), layer.stride = 4, layer.before = 2, layer.after = 2, layer.transposed = true;
  const auto x = torch::randn({2, 4, 16});
  const auto exact = convolve(layer, x);
  const MixedPrecision mixed(true);
  const Autocast pass(torch::kCPU, true);
  EXPECT_TRUE(convolve(layer, x).equal(exact));
}

}  // namespace
}  // namespace nr
