#include "deploy/onnx.h"

#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/protobuf.h"

namespace nr {
namespace {

constexpr int kIrVersion = 8, kFloatType = 1, kIntegerType = 7;
enum AttributeType { kFloatAttribute = 1, kIntegerAttribute = 2, kIntegersAttribute = 7 };

// In the order of TensorOp; empty: written otherwise.
const char* name_of(TensorOp op) {
  static const char* const names[] = {"",     "",       "",      "Conv", "Concat", "Slice",     "Reshape", "Transpose",
                                      "MatMul", "ReduceSum", "CumSum", "",  "Add",    "Sub",       "Mul",     "Div",
                                      "Div",  "",       "Mod",   "Less", "Where",  "Pow",       "Abs",     "Sqrt",
                                      "Tanh", "Sigmoid", "Sin",   "LeakyRelu", "Cast", "Cast"};
  static_assert(std::size(names) == size_t(TensorOp::kToFloat) + 1);
  return names[size_t(op)];
}

ProtobufWriter attribute(const std::string& name, AttributeType type) {
  ProtobufWriter out;
  out.bytes(1, name).integer(20, type);
  return out;
}
ProtobufWriter integers(const std::string& name, const std::vector<int64_t>& values) {
  ProtobufWriter out = attribute(name, kIntegersAttribute);
  for (const int64_t value : values) out.integer(8, value);
  return out;
}
ProtobufWriter integer(const std::string& name, int64_t value) {
  return attribute(name, kIntegerAttribute).integer(3, value);
}

ProtobufWriter tensor(const std::string& name, const TensorConstant& c) {
  ProtobufWriter out;
  for (const int64_t size : c.shape) out.integer(1, size);
  std::string raw;
  std::visit(
      [&](const auto& values) {  // little-endian
        raw.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
      },
      c.values);
  const bool whole = std::holds_alternative<std::vector<int64_t>>(c.values);
  out.integer(2, whole ? kIntegerType : kFloatType).bytes(8, name).bytes(9, raw);
  return out;
}

// shape: sizes in digits, or names of sizes that a call chooses.
ProtobufWriter value(const std::string& name, bool whole, const std::vector<std::string>& shape) {
  ProtobufWriter sizes;
  for (const std::string& size : shape) {
    ProtobufWriter dim;
    const bool number = size.find_first_not_of("0123456789") == std::string::npos;
    if (number) dim.integer(1, std::stoll(size));
    else dim.bytes(2, size);
    sizes.message(1, dim);
  }
  ProtobufWriter tensor_type, type, out;
  type.message(1, tensor_type.integer(1, whole ? kIntegerType : kFloatType).message(2, sizes));
  out.bytes(1, name).message(2, type);
  return out;
}

struct OnnxMaker {
  const TensorProgram& program;
  ProtobufWriter graph{};
  std::vector<std::string> names{};
  std::map<std::vector<int64_t>, std::string> lists{};  // of integers, as initializers
  int made = 0;

  // A list of integers as an input of a node; a scalar where `scalar`.
  std::string list(const std::vector<int64_t>& values, bool scalar = false) {
    std::vector<int64_t> key = values;
    key.push_back(scalar);
    std::string& name = lists[key];
    if (name.empty()) {
      name = text("sizes_", lists.size());
      graph.message(5, tensor(name, {scalar ? std::vector<int64_t>{} : std::vector<int64_t>{int64_t(values.size())},
                                     values}));
    }
    return name;
  }

  void node(const std::string& op, const std::vector<std::string>& in, const std::string& out,
            const std::vector<ProtobufWriter>& attributes = {}) {
    ProtobufWriter n;
    for (const std::string& name : in) n.bytes(1, name);
    n.bytes(2, out).bytes(3, out).bytes(4, op);
    for (const ProtobufWriter& a : attributes) n.message(5, a);
    graph.message(1, n);
  }
  std::string fresh() { return text("w", made++); }

  void run(const TensorStep& s, const std::string& out) {
    std::vector<std::string> in;
    for (const int from : s.in) in.push_back(names[size_t(from)]);
    std::vector<ProtobufWriter> attributes;
    switch (s.op) {
      case TensorOp::kConvolve:
        attributes = {integers("strides", {s.sizes[0]}), integers("dilations", {s.sizes[1]})};
        break;
      case TensorOp::kConcat:
        attributes = {integer("axis", s.sizes[0])};
        break;
      case TensorOp::kSlice:
        for (const int64_t number : {s.sizes[1], s.sizes[2], s.sizes[0]}) in.push_back(list({number}));
        break;
      case TensorOp::kReshape:
      case TensorOp::kSum:
        in.push_back(list(s.sizes));
        break;
      case TensorOp::kRunningSum:
        in.push_back(list(s.sizes, true));
        break;
      case TensorOp::kPermute:
        attributes = {integers("perm", s.sizes)};
        break;
      case TensorOp::kLeakyRelu:
        attributes = {attribute("alpha", kFloatAttribute).number(2, float(s.slope))};
        break;
      case TensorOp::kToInteger:
        attributes = {integer("to", kIntegerType)};
        break;
      case TensorOp::kToFloat:
        attributes = {integer("to", kFloatType)};
        break;
      case TensorOp::kCount: {
        const std::string shape = fresh(), size = fresh();
        node("Shape", in, shape);
        node("Gather", {shape, list({2}, true)}, size);
        return node("Range", {list({0}, true), size, list({1}, true)}, out);
      }
      case TensorOp::kFloorDivide: {  // Div goes towards 0
        const std::string rest = fresh(), whole = fresh();
        node("Mod", in, rest);
        node("Sub", {in[0], rest}, whole);
        return node("Div", {whole, in[1]}, out);
      }
      default:
        break;
    }
    node(name_of(s.op), in, out, attributes);
  }

  std::string make(const std::string& name) {
    names.resize(program.steps.size());
    for (const TensorPort& port : program.inputs) {
      names[size_t(port.step)] = port.name;
      graph.message(11, value(port.name, false, {"batch", text(port.channels), port.name + "_frames"}));
    }
    const auto shape_of = [](const TensorState& s) {
      std::vector<std::string> shape{"batch"};
      for (const int64_t size : s.shape) shape.push_back(text(size));
      return shape;
    };
    for (const TensorState& s : program.states) {
      names[size_t(s.step)] = "state_" + s.name;
      graph.message(11, value("state_" + s.name, s.integer, shape_of(s)));
    }
    for (size_t i = 0; i < program.steps.size(); ++i) {
      const TensorStep& s = program.steps[i];
      if (s.op == TensorOp::kInput || s.op == TensorOp::kState) continue;
      names[i] = text("v", i);
      if (s.op == TensorOp::kConstant)
        graph.message(5, tensor(names[i], program.constants[size_t(s.constant)]));
      else
        run(s, names[i]);
    }
    // Outputs have names of their own, whatever values they are.
    const TensorPort& made = program.outputs[0];
    node("Identity", {names[size_t(made.step)]}, "output");
    graph.message(12, value("output", false, {"batch", text(made.channels), "output_frames"}));
    for (const TensorState& s : program.states) {
      node("Identity", {names[size_t(s.next)]}, "next_" + s.name);
      graph.message(12, value("next_" + s.name, s.integer, shape_of(s)));
    }
    return graph.bytes(2, name).text();
  }
};

std::string controls_of(const Shipment& s) {
  static const char* const scales[] = {"linear", "decibel", "octave"};
  nlohmann::json out = nlohmann::json::array();
  for (const Control& c : s.controls)
    out.push_back({{"name", c.name}, {"unit", c.unit}, {"low", c.low}, {"high", c.high}, {"scale", scales[c.warp]}});
  return out.dump();
}

std::string states_of(const TensorProgram& program) {
  nlohmann::json out = nlohmann::json::array();
  for (const TensorState& s : program.states)
    out.push_back({{"name", "state_" + s.name},
                   {"next", "next_" + s.name},
                   {"shape", s.shape},
                   {"type", s.integer ? "int64" : "float32"}});
  return out.dump();
}

}  // namespace

std::string onnx_bytes(const TensorProgram& program, const Shipment& s) {
  ProtobufWriter model, opset;
  model.integer(1, kIrVersion).bytes(2, "NeuroRave").bytes(7, OnnxMaker{program}.make(s.name));
  model.message(8, opset.bytes(1, "").integer(2, kOnnxOpset));
  std::vector<std::pair<std::string, std::string>> facts{
      {"sample_rate", std::to_string(s.sample_rate)}, {"tick", std::to_string(program.hop)},
      {"latency", std::to_string(program.latency)},   {"states", states_of(program)}};
  facts.emplace_back(program.outputs[0].name == "parameters" ? "parameters" : "controls", controls_of(s));
  for (const TensorPort& port : program.inputs)
    facts.emplace_back("tick_" + port.name, std::to_string(port.frames));  // frames a tick
  for (const auto& [key, said] : facts) {
    ProtobufWriter entry;
    model.message(14, entry.bytes(1, key).bytes(2, said));
  }
  return model.text();
}

void write_onnx(const Shipment& s, std::ostream& out) {
  out << onnx_bytes(make_tensor_program(make_steps(s.graph, s.weights, {s.program.outputs[0].name})), s);
}

}  // namespace nr
