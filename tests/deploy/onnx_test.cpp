// An ONNX file read back: its structure, and what its operators compute, block by block with explicit states.
#include "deploy/onnx.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "deploy/onnx_run.h"
#include "deploy/tensor_stream.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

Shipment named_shipment() {
  Shipment s;
  s.name = "toy", s.sample_rate = 16000;
  s.controls = {{"rms", "1", 0.01, 0.5, 1}, {"centroid", "Hz", 200, 3200, 2}};
  return s;
}

TEST(Onnx, StreamsEveryGraphAsLibTorchRunsItOffline) {
  int number = 0;
  for (const GraphKind& kind : every_kind_of_graph())
    for (const int signals : {1, 3}) {
      const TensorCase c(kind.graph, kind.output, kind.ticks, signals, false);
      OnnxRun onnx(onnx_bytes(c.program, named_shipment()));
      const auto run = [&](const Ticks& block) { return onnx.call(block); };
      EXPECT_LT(c.largest_error(run, {1, 3, 2, 17, 1, 1, 40}), 1e-5) << number << ", " << signals << " signals";
      ++number;
      if (signals > 1) continue;
      onnx.reset();
      EXPECT_LT(c.largest_error(run, {1}), 1e-5) << number << " tick by tick";
    }
}

TEST(Onnx, SaysWhatAPlayerNeeds) {
  const ModelGraphs g = describe(small_rave(4, 4, {4, 2}, 3), 2);
  Shipment s = named_shipment();
  s.graph = g.decoder, s.weights = random_weights(g.whole, 1);
  s.program = lower(make_steps(g.decoder, s.weights, {"audio"}));
  std::ostringstream out;
  write_onnx(s, out);
  const OnnxRun onnx(out.str());
  EXPECT_EQ(onnx.opset(), kOnnxOpset);
  EXPECT_EQ(onnx.metadata().at("sample_rate"), "16000");
  EXPECT_EQ(onnx.metadata().at("tick"), "32");
  EXPECT_EQ(onnx.metadata().at("tick_latent"), "1");
  EXPECT_EQ(onnx.metadata().at("latency"), "0");
  const auto controls = nlohmann::json::parse(onnx.metadata().at("controls"));
  EXPECT_EQ(controls.at(1).at("unit"), "Hz");
  EXPECT_EQ(controls.at(0).at("scale"), "decibel");
  const auto states = nlohmann::json::parse(onnx.metadata().at("states"));
  ASSERT_EQ(onnx.inputs().size(), states.size() + 2);
  ASSERT_EQ(onnx.outputs().size(), states.size() + 1);
  EXPECT_THAT(onnx.inputs()[0] + " " + onnx.inputs()[1], "latent controls");
  EXPECT_EQ(onnx.outputs()[0], "output");
  for (size_t i = 0; i < states.size(); ++i) {
    EXPECT_EQ(states[i].at("name"), onnx.inputs()[i + 2]);
    EXPECT_EQ(states[i].at("next"), onnx.outputs()[i + 1]);
  }
}

TEST(Onnx, OfInputsThatAreNoNumbersPlaysOnWhenTheyHavePassed) {
  const TensorCase c(describe(small_v3(), 2).whole, "audio", 6, 1, false);
  OnnxRun onnx(onnx_bytes(c.program, named_shipment())), calm(onnx_bytes(c.program, named_shipment()));
  for (const float bad : {std::nanf(""), INFINITY}) {
    Ticks block = c.block(0, 4), silent = block;
    block["audio"] = torch::full_like(block["audio"], bad), silent["audio"] = torch::zeros_like(block["audio"]);
    EXPECT_TRUE(torch::equal(onnx.call(block), calm.call(silent)));
    EXPECT_TRUE(torch::equal(onnx.call(c.block(4, 2)), calm.call(c.block(4, 2))));
  }
}

TEST(Onnx, RefusesBytesThatAreNoModel) {
  EXPECT_THAT(error_of([] { OnnxRun("\x3a\x7f"); }), HasSubstr("cut short"));
  EXPECT_EQ(error_of([] { OnnxRun(""); }), "onnx: no graph");
}

}  // namespace
}  // namespace nr
