#include "deploy/torchscript.h"

#include "base/error.h"
#include "deploy/torchscript_controls.h"
#include "deploy/torchscript_prior.h"
#include "deploy/torchscript_source.h"
#include "graph/passes.h"

namespace nr {
namespace {

using Texts = c10::List<std::string>;

// What nn~ reads of a method: channels and samples a frame, in and out, and a label a channel.
struct Side {
  std::string what;
  int channels, ratio;
  std::vector<std::string> names{};  // of channels; empty: numbers
};
void describe_method(torch::jit::Module& m, const std::string& name, const Side& in, const Side& out) {
  m.register_buffer(name + "_params", torch::tensor({in.channels, in.ratio, out.channels, out.ratio}, torch::kLong));
  for (const auto& [end, side] : {std::pair<const char*, Side>{"_input_labels", in}, {"_output_labels", out}}) {
    Texts labels;
    for (int i = 1; i <= side.channels; ++i) {
      const std::string numbered = side.what + (side.channels > 1 ? " " + std::to_string(i) : "");
      labels.push_back("(signal) " + (side.names.empty() ? numbered : side.names[size_t(i) - 1]));
    }
    m.register_attribute(name + end, c10::ListType::create(c10::StringType::get()), labels);
  }
}

void add_number(torch::jit::Module& m, const std::string& name, int value) {
  m.register_attribute(name, c10::IntType::get(), int64_t{value});
}
void add_flag(torch::jit::Module& m, const std::string& name) {
  m.register_attribute(name, c10::BoolType::get(), false);
}
void add_texts(torch::jit::Module& m, const std::string& name, const std::vector<std::string>& values) {
  Texts texts;
  for (const std::string& value : values) texts.push_back(value);
  m.register_attribute(name, c10::ListType::create(c10::StringType::get()), texts);
}

torch::jit::Module stream(ScriptWriter& writer, const Shipment& s, const std::string& name, const Graph& graph,
                          const std::string& output) {
  return writer.module(name, make_tensor_program(make_steps(graph, s.weights, {output})));
}

// What a player asks of every model.
const char* const kDescribingMethods = R"(
def get_methods(self) -> List[str]:
    return self._methods

def get_attributes(self) -> List[str]:
    return self._attributes

def get_sample_rate(self) -> int:
    return self.sampling_rate
)";

const char* const kMethods = R"(
def check(self, x: Tensor, channels: int, ratio: int, method: str) -> None:
    assert x.dim() == 3 and x.size(1) == channels and x.size(2) % ratio == 0 and x.size(2) > 0, \
        method + ": expected [batch, " + str(channels) + ", a multiple of " + str(ratio) + "], found " + str(x.size())
    assert x.size(0) <= 64 and x.size(2) // ratio <= 8191, \
        method + ": expected at most 64 signals and 8191 frames, found " + str(x.size())

def encode(self, x: Tensor) -> Tensor:
    self.check(x, 1, self.hop, "encode")
    return self.encoder.forward(x)

def decode(self, x: Tensor) -> Tensor:
    self.check(x, self.latent_size, 1, "decode")
    y = DECODE
    if self.stereo_mode:
        y = y.reshape(1, -1, y.size(2))
    return y

def forward(self, x: Tensor) -> Tensor:
    self.check(x, 1, self.hop, "forward")
    return FORWARD

def reset(self) -> None:
    self.encoder.reset()
    self.decoder.reset()
    self.whole.reset()
    RESET

def set_stereo_mode(self, stereo: bool) -> None:
    self.stereo_mode = stereo
)";

// Of a decoder alone, from a latent to parameters.
const char* const kParameterMethods = R"(
def decode(self, x: Tensor) -> Tensor:
    assert x.dim() == 3 and x.size(1) == self.latent_size, \
        "decode: expected [batch, " + str(self.latent_size) + ", frames], found " + str(x.size())
    return self.decoder.forward(x)

def forward(self, x: Tensor) -> Tensor:
    return self.decode(x)

def reset(self) -> None:
    self.decoder.reset()
)";

void write_parameters(const Shipment& s, std::ostream& out) {
  ScriptWriter writer;
  torch::jit::Module m = writer.empty("NeuroRave");
  m.register_module("decoder", stream(writer, s, "Decoder", s.graph, "parameters"));
  const int latents = s.graph.in("latent").channels, hop = s.graph.hop();
  Side parameters{"parameter", int(s.controls.size()), hop};
  for (const Control& c : s.controls) parameters.names.push_back(c.name);
  for (const char* method : {"decode", "forward"}) describe_method(m, method, {"latent", latents, hop}, parameters);
  for (const char* name : {"sr", "sampling_rate"}) add_number(m, name, s.sample_rate);
  for (const char* name : {"latent_size", "full_latent_size"}) add_number(m, name, latents);
  add_number(m, "hop", hop);
  add_texts(m, "_methods", {"decode", "forward"}), add_texts(m, "_attributes", {});
  m.define(kDescribingMethods);
  m.define(kParameterMethods);
  m.eval();
  m.save(out);
}

}  // namespace

void write_torchscript(const Shipment& s, std::ostream& out) {
  const ModelGraphs& g = s.model.graphs;
  const std::vector<Port>& outputs = s.graph.outputs();
  if (!outputs.empty() && outputs[0].name == "parameters") return write_parameters(s, out);
  if (!g.stream()) fail("torchscript needs encoder and decoder: the shipment has one graph only");
  ScriptWriter writer;
  torch::jit::Module m = writer.empty("NeuroRave");
  m.register_module("encoder", stream(writer, s, "Encoder", g.encoder, "mean"));
  m.register_module("decoder", stream(writer, s, "Decoder", g.decoder, "audio"));
  m.register_module("whole", stream(writer, s, "Whole", g.whole, "audio"));
  const int latents = g.decoder.in("latent").channels;
  const Side audio{"audio", 1, 1}, latent{"latent", latents, g.hop};
  describe_method(m, "encode", audio, latent);
  describe_method(m, "decode", latent, audio);
  describe_method(m, "forward", audio, audio);
  for (const char* name : {"sr", "sampling_rate"}) add_number(m, name, s.sample_rate);
  for (const char* name : {"n_channels", "target_channels"}) add_number(m, name, 1);
  for (const char* name : {"latent_size", "full_latent_size"}) add_number(m, name, latents);
  add_number(m, "hop", g.hop);
  for (const char* name : {"stereo", "stereo_mode"}) add_flag(m, name);
  const bool controlled = !s.model.controls.empty();
  add_texts(m, "_attributes", controlled ? add_controls(s, writer, m) : std::vector<std::string>{});
  std::vector<std::string> methods{"encode", "decode", "forward"};
  std::string decode = "self.decoder.forward(x)", forward = "self.whole.forward(x)", reset = "pass";
  if (controlled) {
    decode = "self.decoder.forward(x, self.controls.of(x.size(0), x.size(2)))";
    forward = "self.whole.forward(x, self.controls.heard(x))";
    reset += "\n    self.controls.reset()";
  }
  if (s.model.prior) {
    add_prior(s, writer, m);
    describe_method(m, "prior", {"temperature", 1, g.hop}, latent);
    methods.push_back("prior");
    reset += "\n    self.latent_prior.reset()";
  }
  add_texts(m, "_methods", methods);
  m.define(kDescribingMethods);
  m.define(filled_in(kMethods, {{"DECODE", decode}, {"FORWARD", forward}, {"RESET", reset}}));
  m.eval();
  m.save(out);
}

}  // namespace nr
