#include "deploy/torchscript_source.h"

#include "base/error.h"

namespace nr {
namespace {

// In the order of TensorOp. $0 is the first input, %0 the first size, %* all sizes, # the slope.
const char* pattern_of(TensorOp op) {
  static const char* const patterns[] = {
      "",  // inputs, states and constants have names
      "",
      "",
      "torch.conv1d($0, $1, $2, [%0], [0], [%1])",
      "torch.cat([$*], %0)",
      "torch.slice($0, %0, %1, %2)",
      "torch.reshape($0, [%*])",
      "torch.permute($0, [%*])",
      "torch.matmul($0, $1)",
      "torch.sum($0, [%0], True)",
      "torch.cumsum($0, %0)",
      "torch.arange($0.size(2), device=$0.device)",
      "torch.add($0, $1)",
      "torch.sub($0, $1)",
      "torch.mul($0, $1)",
      "torch.div($0, $1)",
      "torch.div($0, $1, rounding_mode=\"trunc\")",
      "torch.div($0, $1, rounding_mode=\"floor\")",
      "torch.remainder($0, $1)",
      "torch.lt($0, $1)",
      "torch.where($0, $1, $2)",
      "torch.pow($0, $1)",
      "torch.abs($0)",
      "torch.sqrt($0)",
      "torch.tanh($0)",
      "torch.sigmoid($0)",
      "torch.sin($0)",
      "torch.leaky_relu($0, #)",
      "$0.to(4)",  // int64
      "$0.to(6)",  // float32
  };
  static_assert(std::size(patterns) == size_t(TensorOp::kToFloat) + 1);
  return patterns[size_t(op)];
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string filled(const TensorStep& step, const std::vector<std::string>& in) {
  std::vector<std::string> sizes;
  for (const int64_t size : step.sizes) sizes.push_back(std::to_string(size));
  if (step.op == TensorOp::kReshape && step.sizes[0] == 0) sizes[0] = in[0] + ".size(0)";
  std::string out;
  for (const char* c = pattern_of(step.op); *c; ++c) {
    const bool takes = *c == '$' || *c == '%';
    if (takes) {
      const std::vector<std::string>& from = *c == '$' ? in : sizes;
      ++c;
      out += *c == '*' ? joined(from) : from.at(size_t(*c - '0'));
    } else if (*c == '#') {
      char number[32];
      std::snprintf(number, sizeof number, "%.17g", step.slope);
      out += number;
    } else {
      out += *c;
    }
  }
  return out;
}

// Other noise for every signal, that of a stream for the first.
torch::Tensor noise_starts() {
  torch::Tensor out = torch::empty({kMostSignals, 1}, torch::kLong);
  for (int64_t i = 0; i < kMostSignals; ++i) out[i][0] = int64_t{uint32_t(i) * 2654435769u};
  return out;
}

}  // namespace

const torch::Tensor& ScriptWriter::tensor_of(const TensorConstant& constant) {
  torch::Tensor& known = tensors_[{constant.shape, constant.values}];
  if (!known.defined())
    std::visit(
        [&](const auto& values) {
          using T = typename std::decay_t<decltype(values)>::value_type;
          known = torch::empty(constant.shape, torch::CppTypeToScalarType<T>::value);
          std::copy(values.begin(), values.end(), known.data_ptr<T>());
        },
        constant.values);
  return known;
}

torch::jit::Module ScriptWriter::empty(const std::string& name) {
  return torch::jit::Module("__torch__." + name, unit_, true);
}

torch::jit::Module ScriptWriter::module(const std::string& name, const TensorProgram& p) {
  torch::jit::Module out = empty(name);
  std::vector<std::string> names(p.steps.size()), arguments{"self"};
  std::string body, reset = "def reset(self) -> None:\n", grow = "def grow(self) -> None:\n";
  for (const TensorPort& port : p.inputs) {
    names[size_t(port.step)] = port.name;
    arguments.push_back(port.name + ": Tensor");
  }
  const std::string batch = p.inputs[0].name + ".size(0)";
  for (const TensorState& state : p.states) {
    const std::string own = "self.state_" + state.name;
    std::vector<int64_t> shape{kStoredSignals};
    shape.insert(shape.end(), state.shape.begin(), state.shape.end());
    out.register_buffer("state_" + state.name, torch::zeros(shape, state.integer ? torch::kLong : torch::kFloat));
    if (state.noise) out.register_buffer("start_" + state.name, noise_starts());
    names[size_t(state.step)] = "torch.slice(" + own + ", 0, 0, " + batch + ")";
    const std::string start = "torch.slice(self.start_" + state.name + ", 0, 0, " + own + ".size(0))";
    reset += "    " + own + (state.noise ? ".copy_(" + start + ")\n" : std::string(".zero_()\n"));
    std::string more = "torch.zeros_like(" + own + ").repeat([" + std::to_string(kMostSignals / kStoredSignals - 1);
    for (size_t i = 0; i < state.shape.size(); ++i) more += ", 1";
    if (state.noise)
      more = "torch.slice(self.start_" + state.name + ", 0, " + std::to_string(kStoredSignals);
    grow += "    " + own + " = torch.cat([" + own + ", " + more + (state.noise ? ")])\n" : "])])\n");
  }
  if (!p.states.empty())
    body += "    if self.state_" + p.states[0].name + ".size(0) < " + batch + ":\n        self.grow()\n";
  for (size_t i = 0; i < p.steps.size(); ++i) {
    const TensorStep& step = p.steps[i];
    if (step.op == TensorOp::kInput || step.op == TensorOp::kState) continue;
    if (step.op == TensorOp::kConstant) {
      names[i] = "self.c" + std::to_string(step.constant);
      out.register_buffer("c" + std::to_string(step.constant), tensor_of(p.constants[size_t(step.constant)]));
      continue;
    }
    std::vector<std::string> in;
    for (const int from : step.in) in.push_back(names[size_t(from)]);
    names[i] = "v" + std::to_string(i);
    body += "    " + names[i] + " = " + filled(step, in) + "\n";
  }
  for (const TensorState& state : p.states)
    body += "    " + names[size_t(state.step)] + ".copy_(" + names[size_t(state.next)] + ")\n";
  const std::string last = p.states.empty() ? "    pass\n" : "";
  out.define("def forward(" + joined(arguments) + ") -> Tensor:\n" + body + "    return " +
             names[size_t(p.outputs[0].step)] + "\n" + grow + last + reset + last);
  out.get_method("reset")({});
  return out;
}

std::string filled_in(std::string source, const std::vector<std::pair<std::string, std::string>>& words) {
  for (const auto& [word, by] : words)
    for (size_t at = 0; (at = source.find(word, at)) != std::string::npos; at += by.size())
      source.replace(at, word.size(), by);
  return source;
}

}  // namespace nr
