// The controls of a TorchScript model: attributes that are set, and that follow what is heard.
#include <gtest/gtest.h>

#include "deploy/torchscript_model.h"

namespace nr {
namespace {
using torch::jit::IValue;
using Model = TorchscriptModel;

TEST(TorchscriptControls, AttributesAreReadAndSetInTheirUnits) {
  Model model;
  torch::jit::Module m = model.load();
  const auto get = [&](const char* name) { return m.get_method(name)({}).toTuple()->elements()[0]; };
  const auto set = [&](const char* name, double value) { return m.get_method(name)({IValue(value)}).toInt(); };
  EXPECT_NEAR(get("get_centroid").toDouble(), 800, 1e-9);
  EXPECT_TRUE(get("get_rms_follow").toBool());
  EXPECT_EQ(set("set_rms", -20), 0);
  EXPECT_EQ(get("get_rms").toDouble(), -20);
  EXPECT_FALSE(get("get_rms_follow").toBool()) << "a value that is set counts";
  EXPECT_EQ(set("set_centroid", std::nan("")), -1);
  EXPECT_NEAR(get("get_centroid").toDouble(), 800, 1e-9);
  set("set_centroid", 3200);
  const auto asked = [&] {
    return m.attr("controls").toModule().get_method("of")({IValue(1), IValue(40)}).toTensor()[0].contiguous();
  };
  const torch::Tensor values = asked();
  EXPECT_NEAR(values[1][-1].item<float>(), 1, 1e-3);
  EXPECT_NEAR(values[0][-1].item<float>(), 2 * (-20 + 40) / (40 + 20 * std::log10(0.5)) - 1, 1e-3);
  EXPECT_NEAR(values[1][0].item<float>(), 0.2, 1e-6) << "smoothed";
  set("set_centroid", 99999);
  EXPECT_NEAR(asked()[1][-1].item<float>(), 1, 1e-6) << "limited to the range";
}

TEST(TorchscriptControls, FollowsWhatIsHeard) {
  Model model;
  torch::jit::Module m = model.load();
  const int64_t hop = model.graphs.hop, ticks = 60;
  const torch::Tensor tone = 0.2 * torch::sin(torch::arange(ticks * hop) * (2 * M_PI * 1600 / 16000)).view({1, 1, -1});
  const torch::Tensor c = m.attr("controls").toModule().get_method("heard")({IValue(tone)}).toTensor()[0];
  const double db = 20 * std::log10(0.2 / std::sqrt(2)), high = 20 * std::log10(0.5);
  EXPECT_NEAR(c[0][-1].item<float>(), 2 * (db + 40) / (high + 40) - 1, 0.02);
  EXPECT_NEAR(c[1][-1].item<float>(), 2 * (std::log2(1600.0) - std::log2(200.0)) / 4 - 1, 0.02);
  const torch::Tensor silent =
      m.attr("controls").toModule().get_method("heard")({IValue(torch::zeros({1, 1, ticks * hop}))}).toTensor()[0];
  EXPECT_NEAR(silent[0][-1].item<float>(), -1, 1e-6);
  EXPECT_NEAR(silent[1][-1].item<float>(), -1, 1e-6);
}

// Against what measures the controls in training: single frames by YIN.
TEST(TorchscriptControls, FollowsAPitchAndHoldsItInSilence) {
  Model model(true);
  model.shipment.model.framing = {16000, 512, 16};
  model.file.str("");
  write_torchscript(model.shipment, model.file);
  torch::jit::Module m = model.load(), controls = m.attr("controls").toModule();
  const auto heard = [&](double hz, int64_t ticks) {
    const torch::Tensor t = torch::arange(ticks * model.graphs.hop) * (2 * M_PI * hz / 16000);
    const torch::Tensor x = hz > 0 ? 0.2 * torch::sin(t) + 0.1 * torch::sin(2 * t) : torch::zeros_like(t);
    return controls.get_method("heard")({IValue(x.view({1, 1, -1}))}).toTensor()[0].clone();
  };
  const auto octaves = [](double hz) { return 2 * std::log2(hz / 20) / 8 - 1; };
  for (const double hz : {110.0, 440.0, 1234.5}) {
    const torch::Tensor now = heard(hz, 60);
    EXPECT_NEAR(now[2][-1].item<float>(), octaves(hz), 0.001) << hz;  // 5 cents
    EXPECT_GT(now[3][-1].item<float>(), 0.95) << hz;
    const torch::Tensor silent = heard(0, 60);
    EXPECT_NEAR(silent[2][-1].item<float>(), octaves(hz), 0.05) << hz << " is held";
    EXPECT_NEAR(silent[3][-1].item<float>(), -1, 1e-6);
  }
  EXPECT_EQ(m.get_method("set_transpose")({IValue(-12.0)}).toInt(), 0);
  EXPECT_NEAR(heard(440, 60)[2][-1].item<float>(), octaves(220), 0.001);
}

TEST(TorchscriptControls, AttributesThatJumpDoNotClick) {
  const auto steepest = [](double before, double after) {
    Model model;
    torch::jit::Module m = model.load();
    const torch::Tensor latent = torch::full({1, 5, 60}, 0.3f);
    m.get_method("set_centroid")({IValue(before)}), m.get_method("reset")({});
    const torch::Tensor first = call(m, "decode", latent);
    m.get_method("set_centroid")({IValue(after)});
    const torch::Tensor all = torch::cat({first, call(m, "decode", latent)}, 2);
    return all.narrow(2, all.size(2) / 4, all.size(2) * 3 / 4).diff().abs().max().item<float>();
  };
  const float held = std::max(steepest(200, 200), steepest(3200, 3200));
  EXPECT_LE(steepest(200, 3200), 1.1f * held);
  EXPECT_LE(steepest(3200, 200), 1.1f * held);
}

}  // namespace
}  // namespace nr
