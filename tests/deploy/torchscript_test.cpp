// A TorchScript file as nn~ takes it: what it asks of it, and that blocks of any size give what LibTorch gives offline.
#include "deploy/torchscript.h"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "deploy/tensor_stream.h"
#include "deploy/torchscript_source.h"
#include "nn/autoencoder.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using torch::jit::IValue;

torch::jit::Module reloaded(const torch::jit::Module& module) {
  std::stringstream file;
  module.save(file);
  return torch::jit::load(file);
}

torch::Tensor call(torch::jit::Module& module, const std::string& method, const torch::Tensor& x) {
  const c10::InferenceMode guard;
  return module.get_method(method)({IValue(x)}).toTensor();
}

TEST(Torchscript, StreamsEveryGraphAsLibTorchRunsItOffline) {
  int number = 0;
  for (const GraphKind& kind : every_kind_of_graph())
    for (const int signals : {1, 4}) {
      if (signals > 1 && kind.ticks > 40) continue;  // the JIT takes its time
      const TensorCase c(kind.graph, kind.output, kind.ticks, signals, true);
      torch::jit::Module module = reloaded(ScriptWriter().module("M", c.program));
      const auto run = [&](const Block& block) {
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

// Encoder, decoder and whole of one set of weights, in a file.
struct Model {
  explicit Model(bool excited = false, int capacity = 6) {
    RaveV2Config config = small_v3();
    config.capacity = capacity;
    if (excited) config.excitation.bins = 6;
    const std::vector<std::string> names{"rms", "centroid", "pitch", "periodicity"};
    const auto used = excited ? names : std::vector<std::string>{"rms", "centroid"};
    graphs = shipment.model.graphs = describe(config, ControlInputs(used, 16000));
    whole = random_module(graphs.whole);
    shipment.weights = weights_of(*whole);
    shipment.name = "toy", shipment.sample_rate = 16000;
    shipment.model.framing = {16000, 64, 16};
    std::vector<Control>& controls = shipment.model.controls;
    controls = {{"rms", "1", 0.01, 0.5, 1}, {"centroid", "Hz", 200, 3200, 2}};
    if (excited) {
      controls.push_back({"pitch", "Hz", 20, 5120, 2});
      controls.push_back({"periodicity", "1", 0, 1, 0});
    }
    write_torchscript(shipment, file);
  }
  torch::jit::Module load() {
    std::stringstream copy(file.str());
    torch::jit::Module module = torch::jit::load(copy);
    module.eval();
    return module;
  }
  std::vector<float> stream(const Graph& graph, const std::string& output, const torch::Tensor& x,
                            const torch::Tensor& controls) {
    const Lowered program = lower(make_steps(graph, shipment.weights, {output}));
    std::vector<Signal> in;
    for (const nr_port& port : program.inputs)
      in.push_back(is_noise(port) ? Signal{} : to_signal(port.name == std::string("controls") ? controls : x));
    return play(program, in)[0].rows;
  }
  Shipment shipment;
  ModelGraphs graphs;
  std::shared_ptr<GraphModule> whole;
  std::stringstream file;
};

std::vector<std::string> texts_of(torch::jit::Module& m, const std::string& method) {
  std::vector<std::string> out;
  for (const IValue& v : m.get_method(method)({}).toListRef()) out.push_back(v.toStringRef());
  return out;
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
    for (const char* name : {"set_rms_follow", "set_centroid_follow"}) m.get_method(name)({IValue(false)});
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

TEST(Torchscript, AttributesAreReadAndSetInTheirUnits) {
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

TEST(Torchscript, FollowsWhatIsHeard) {
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
