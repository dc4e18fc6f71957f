#include "deploy/onnx_run.h"

#include <functional>
#include <nlohmann/json.hpp>

#include "base/protobuf.h"

namespace nr {
namespace {

using Tensors = std::vector<torch::Tensor>;
using Integers = std::vector<int64_t>;

Integers integers_of(const torch::Tensor& t) { return {t.data_ptr<int64_t>(), t.data_ptr<int64_t>() + t.numel()}; }

torch::Tensor quotient(const torch::Tensor& a, const torch::Tensor& b) {
  return a.is_floating_point() ? a / b : torch::div(a, b, "trunc");
}

torch::Tensor sliced(const Tensors& in) {
  return in[0].slice(in[3].item<int64_t>(), in[1].item<int64_t>(), in[2].item<int64_t>());
}

torch::Tensor reshaped(const Tensors& in) {
  Integers shape = integers_of(in[1]);
  for (size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 0) shape[i] = in[0].size(int64_t(i));
  return in[0].reshape(shape);
}

torch::Tensor read_tensor(std::string_view bytes, std::string& name) {
  Integers shape;
  int64_t type = 0;
  std::string_view raw;
  ProtobufField field;
  for (ProtobufReader reader(bytes); reader.next(field);) {
    if (field.number == 1) shape.push_back(field.integer);
    if (field.number == 2) type = field.integer;
    if (field.number == 8) name = field.bytes;
    if (field.number == 9) raw = field.bytes;
  }
  if (type != 1 && type != 7) fail("onnx: tensor '", name, "' is of type ", type, ", expected 1 or 7");
  const torch::Tensor out = torch::empty(shape, type == 7 ? torch::kLong : torch::kFloat);
  if (raw.size() != out.nbytes()) fail("onnx: tensor '", name, "' has ", raw.size(), " bytes, expected ", out.nbytes());
  std::memcpy(out.data_ptr(), raw.data(), raw.size());
  return out;
}

std::string name_in(std::string_view bytes) {
  ProtobufField field;
  for (ProtobufReader reader(bytes); reader.next(field);)
    if (field.number == 1) return std::string(field.bytes);
  return "";
}

}  // namespace

OnnxRun::OnnxRun(std::string bytes) {
  ProtobufField field;
  std::string_view graph;
  for (ProtobufReader reader(bytes); reader.next(field);) {
    ProtobufReader inside(field.bytes);
    ProtobufField part;
    if (field.number == 7) graph = field.bytes;
    if (field.number == 8)
      while (inside.next(part))
        if (part.number == 2) opset_ = part.integer;
    if (field.number != 14) continue;
    std::string key, value;
    while (inside.next(part)) (part.number == 1 ? key : value) = part.bytes;
    metadata_[key] = value;
  }
  if (graph.empty()) fail("onnx: no graph");
  read_graph(graph);
}

void OnnxRun::read_graph(std::string_view bytes) {
  ProtobufField field;
  for (ProtobufReader reader(bytes); reader.next(field);) {
    if (field.number == 1) read_node(field.bytes);
    if (field.number == 11) inputs_.push_back(name_in(field.bytes));
    if (field.number == 12) outputs_.push_back(name_in(field.bytes));
    if (field.number != 5) continue;
    std::string name;
    const torch::Tensor tensor = read_tensor(field.bytes, name);
    constants_[name] = tensor;
  }
}

void OnnxRun::read_node(std::string_view bytes) {
  Node node;
  ProtobufField field, part;
  for (ProtobufReader reader(bytes); reader.next(field);) {
    if (field.number == 1) node.in.emplace_back(field.bytes);
    if (field.number == 2) node.out = field.bytes;
    if (field.number == 4) node.op = field.bytes;
    if (field.number != 5) continue;
    std::string name;
    Integers values;
    for (ProtobufReader inside(field.bytes); inside.next(part);) {
      if (part.number == 1) name = part.bytes;
      if (part.number == 2) node.alpha = part.real();
      if (part.number == 3 || part.number == 8) values.push_back(part.integer);
    }
    node.integers[name] = values;
  }
  nodes_.push_back(std::move(node));
}

torch::Tensor OnnxRun::run(const Node& n) const {
  Tensors in;
  for (const std::string& name : n.in) {
    const auto known = constants_.find(name), made = values_.find(name);
    if (known == constants_.end() && made == values_.end()) fail("onnx: '", n.out, "' reads '", name, "', not there");
    in.push_back(known == constants_.end() ? made->second : known->second);
  }
  const auto integers = [&](const char* name) { return n.integers.at(name); };
  static const std::map<std::string, torch::Tensor (*)(const Tensors&)> plain{
      {"Slice", sliced},
      {"Reshape", reshaped},
      {"MatMul", [](const Tensors& x) { return torch::matmul(x[0], x[1]); }},
      {"ReduceSum", [](const Tensors& x) { return x[0].sum(integers_of(x[1]), true); }},
      {"CumSum", [](const Tensors& x) { return x[0].cumsum(x[1].item<int64_t>()); }},
      {"Shape", [](const Tensors& x) { return torch::tensor(x[0].sizes().vec()); }},
      {"Gather", [](const Tensors& x) { return x[0].select(0, x[1].item<int64_t>()); }},
      {"Range", [](const Tensors& x) { return torch::arange(x[0].item(), x[1].item(), x[2].item()); }},
      {"Identity", [](const Tensors& x) { return x[0]; }},
      {"Add", [](const Tensors& x) { return x[0] + x[1]; }},
      {"Sub", [](const Tensors& x) { return x[0] - x[1]; }},
      {"Mul", [](const Tensors& x) { return x[0] * x[1]; }},
      {"Div", [](const Tensors& x) { return quotient(x[0], x[1]); }},
      {"Mod", [](const Tensors& x) { return torch::remainder(x[0], x[1]); }},
      {"Less", [](const Tensors& x) { return x[0] < x[1]; }},
      {"Where", [](const Tensors& x) { return torch::where(x[0], x[1], x[2]); }},
      {"Pow", [](const Tensors& x) { return torch::pow(x[0], x[1]); }},
      {"Abs", [](const Tensors& x) { return x[0].abs(); }},
      {"Sqrt", [](const Tensors& x) { return x[0].sqrt(); }},
      {"Tanh", [](const Tensors& x) { return x[0].tanh(); }},
      {"Sigmoid", [](const Tensors& x) { return x[0].sigmoid(); }},
      {"Sin", [](const Tensors& x) { return x[0].sin(); }},
  };
  if (const auto found = plain.find(n.op); found != plain.end()) return found->second(in);
  if (n.op == "Conv")
    return torch::conv1d(in[0], in[1], in[2], integers("strides"), Integers{0}, integers("dilations"));
  if (n.op == "Concat") return torch::cat(in, integers("axis")[0]);
  if (n.op == "Transpose") return in[0].permute(integers("perm"));
  if (n.op == "LeakyRelu") return torch::leaky_relu(in[0], n.alpha);
  if (n.op == "Cast") return in[0].to(integers("to")[0] == 7 ? torch::kLong : torch::kFloat);
  fail("onnx: operator '", n.op, "' is not known here");
}

torch::Tensor OnnxRun::call(const std::map<std::string, torch::Tensor>& given) {
  const torch::NoGradGuard no_grad;
  const auto states = nlohmann::json::parse(metadata_.at("states"));
  values_ = given;
  const int64_t batch = given.begin()->second.size(0);
  for (const auto& s : states) {
    torch::Tensor& state = states_[s.at("name")];
    Integers shape{batch};
    for (const auto& size : s.at("shape")) shape.push_back(size);
    if (!state.defined()) state = torch::zeros(shape, s.at("type") == "int64" ? torch::kLong : torch::kFloat);
    values_[s.at("name")] = state;
  }
  for (const Node& node : nodes_) values_[node.out] = run(node);
  for (const auto& s : states) states_[s.at("name")] = values_.at(s.at("next"));
  return values_.at(outputs_.at(0));
}

}  // namespace nr
