// A TorchScript file as nn~ takes it: what it asks of it, and that blocks of any size give what LibTorch gives offline.
#include "deploy/torchscript.h"

#include <gmock/gmock.h>

#include "deploy/torchscript_model.h"
#include "deploy/torchscript_source.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using torch::jit::IValue;
using Model = TorchscriptModel;

torch::jit::Module reloaded(const torch::jit::Module& module) {
  std::stringstream file;
  module.save(file);
  return torch::jit::load(file);
}

TEST(Torchscript, StreamsEveryGraphAsLibTorchRunsItOffline) {
  int number = 0;
  for (const GraphKind& kind : every_kind_of_graph())
    for (const int signals : {1, 4}) {
      if (signals > 1 && kind.ticks > 40) continue;  // the JIT takes its time
      const TensorCase c(kind.graph, kind.output, kind.ticks, signals, true);
      torch::jit::Module module = reloaded(ScriptWriter().module("M", c.program));
      const auto run = [&](const Ticks& block) {
        const c10::InferenceMode guard;
        std::vector<IValue> in;
        for (const TensorPort& port : c.program.inputs) in.emplace_back(block.at(port.name));
        return module.forward(in).toTensor();
      };
      EXPECT_LT(c.largest_error(run, {1, 3, 2, 17, 1, 1, 40}), 1e-5) << number << ", " << signals << " signals";
      module.get_method("reset")({});
      EXPECT_LT(c.largest_error(run, {kind.ticks}), 1e-5) << number << " after a reset";
      ++number;
    }
}

TEST(Torchscript, HoldsWhatNnTildeReads) {
  Model model;
  torch::jit::Module m = model.load();
  EXPECT_THAT(texts_of(m, "get_methods"), ElementsAre("encode", "decode", "forward"));
  EXPECT_THAT(texts_of(m, "get_attributes"), ElementsAre("rms", "rms_follow", "centroid", "centroid_follow"));
  const int64_t hop = model.graphs.hop;
  const auto params = [&](const char* name) {
    const torch::Tensor t = m.attr(name).toTensor();
    return std::vector<int64_t>{t.data_ptr<int64_t>(), t.data_ptr<int64_t>() + t.numel()};
  };
  EXPECT_THAT(params("encode_params"), ElementsAre(1, 1, 5, hop));
  EXPECT_THAT(params("decode_params"), ElementsAre(5, hop, 1, 1));
  EXPECT_THAT(params("forward_params"), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(params("rms_params"), ElementsAre(2));
  EXPECT_THAT(params("rms_follow_params"), ElementsAre(0));
  EXPECT_EQ(m.attr("decode_input_labels").toListRef()[4].toStringRef(), "(signal) latent 5");
  for (const char* rate : {"sr", "sampling_rate"}) EXPECT_EQ(m.attr(rate).toInt(), 16000);
  EXPECT_EQ(m.attr("full_latent_size").toInt(), 5);
  EXPECT_FALSE(m.attr("stereo").toBool());
}

TEST(Torchscript, EncodesAndDecodesAsTheProgramStreams) {
  for (const bool excited : {false, true}) {
    Model model(excited);
    torch::jit::Module m = model.load();
    const ModelGraphs& g = model.graphs;
    const int64_t ticks = 40, n = int64_t(model.shipment.model.controls.size());
    torch::manual_seed(4);
    const torch::Tensor audio = torch::randn({1, 1, ticks * g.hop}) * 0.2, latent = torch::randn({1, 5, ticks});
    torch::Tensor controls = torch::zeros({1, n, ticks});
    if (excited) controls.select(1, 3).fill_(1);
    const auto streamed = [&](const std::string& method, const torch::Tensor& x, int64_t frames) {
      std::vector<torch::Tensor> out;
      for (int64_t at = 0, i = 0; at < x.size(2); ++i) {
        const int64_t count = std::min<int64_t>((i % 3 + 1) * frames, x.size(2) - at);
        out.push_back(call(m, method, x.narrow(2, at, count)));
        at += count;
      }
      return to_signal(torch::cat(out, 2)).rows;
    };
    const auto expect_near = [&](const std::vector<float>& heard, const std::vector<float>& wanted) {
      ASSERT_EQ(heard.size(), wanted.size());
      float peak = 1;
      for (const float x : wanted) peak = std::max(peak, std::fabs(x));
      for (size_t i = 0; i < heard.size(); ++i) ASSERT_NEAR(heard[i], wanted[i], 1e-5 * peak) << i;
    };
    expect_near(streamed("encode", audio, g.hop), model.stream(g.encoder, "mean", audio, {}));
    expect_near(streamed("decode", latent, 1), model.stream(g.decoder, "audio", latent, controls));
    for (const std::string& name : texts_of(m, "get_attributes"))
      if (name.find("_follow") != std::string::npos) m.get_method("set_" + name)({IValue(false)});
    expect_near(streamed("forward", audio, g.hop), model.stream(g.whole, "audio", audio, controls));
  }
}

TEST(Torchscript, TakesUpTo64SignalsAndForgetsNone) {
  Model model;
  torch::jit::Module all = model.load(), few = model.load();
  const torch::Tensor x = torch::randn({64, 1, 6 * model.graphs.hop}), start = x.narrow(2, 0, 2 * model.graphs.hop),
                      rest = x.narrow(2, 2 * model.graphs.hop, 4 * model.graphs.hop);
  call(all, "forward", start), call(few, "forward", start.narrow(0, 0, 3));
  const torch::Tensor heard = call(all, "forward", rest);
  EXPECT_TRUE(torch::allclose(call(few, "forward", rest).narrow(0, 0, 3), heard.narrow(0, 0, 3), 1e-5, 1e-5));
  EXPECT_FALSE(torch::allclose(heard[62], heard[63]));
}

TEST(Torchscript, InstancesAndMethodsShareNoState) {
  Model model;
  torch::jit::Module a = model.load(), b = model.load();
  const torch::Tensor x = torch::randn({4, 1, 8 * model.graphs.hop});
  const torch::Tensor first = call(a, "encode", x);
  EXPECT_FALSE(torch::equal(call(a, "encode", x), first));
  EXPECT_TRUE(torch::equal(call(b, "encode", x), first));
  torch::jit::Module c = model.load();
  call(c, "forward", x);
  EXPECT_TRUE(torch::equal(call(c, "encode", x), first));
  c.get_method("reset")({});
  EXPECT_TRUE(torch::equal(call(c, "encode", x), first));
}

TEST(Torchscript, OfInputsThatAreNoNumbersPlaysOnWhenTheyHavePassed) {
  Model model;
  torch::jit::Module m = model.load(), calm = model.load();
  const int64_t hop = model.graphs.hop;
  for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
    const torch::Tensor x = torch::randn({1, 1, 4 * hop}) * 0.2, silent = torch::zeros({1, 1, 4 * hop});
    const torch::Tensor heard = call(m, "forward", torch::full({1, 1, 4 * hop}, bad));
    EXPECT_TRUE(torch::equal(heard, call(calm, "forward", silent))) << bad;
    EXPECT_TRUE(torch::equal(call(m, "forward", x), call(calm, "forward", x))) << bad;
    EXPECT_TRUE(torch::equal(call(m, "decode", torch::full({1, 5, 4}, bad)),
                             call(calm, "decode", torch::zeros({1, 5, 4}))));
  }
}

TEST(Torchscript, RefusesBlocksThatAreNoFrames) {
  Model model;
  torch::jit::Module m = model.load();
  const int64_t hop = model.graphs.hop;
  for (const auto& [method, shape, found] :
       {std::tuple{"encode", std::vector<int64_t>{1, 1, hop + 1}, "a multiple of "},
        {"decode", {1, 4, 8}, "decode: expected [batch, 5, "},
        {"forward", {65, 1, hop}, "expected at most 64 signals"}}) {
    std::string said;
    try {
      call(m, method, torch::zeros(shape));
    } catch (const std::exception& error) {
      said = error.what();
    }
    EXPECT_THAT(said, HasSubstr(found));
  }
}

TEST(Torchscript, KeepsEveryWeightOnce) {
  Model model(false, 48);
  size_t numbers = 0;
  for (const auto& [name, w] : model.shipment.weights) numbers += w.weight.size() + w.bias.size();
  EXPECT_LT(model.file.str().size(), numbers * 4 + 500000);
  EXPECT_GT(numbers * 4, 1000000u);
  Shipment& alone = model.shipment;
  alone.model.graphs = {};
  EXPECT_THAT(error_of([&] {
                std::ostringstream out;
                write_torchscript(alone, out);
              }),
              HasSubstr("needs encoder and decoder"));
}

}  // namespace
}  // namespace nr
