// A stream as operations on whole tensors, for runtimes that know nothing of ticks: TorchScript and ONNX. Signals are
// [batch, channels, frames]; a call takes any whole number of ticks. What a stream remembers are states, which come in
// and go out; all are zeros at the start.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "deploy/steps.h"

namespace nr {

// torchscript.cpp and onnx.cpp each have a table over this list. Integers are int64.
enum class TensorOp {
  kInput,
  kState,
  kConstant,
  kConvolve,     // x, weights [out, in, taps], bias; sizes: stride, dilation
  kConcat,       // sizes: axis
  kSlice,        // sizes: axis, from, to; negative ones count from the end
  kReshape,      // sizes: shape; a first 0 is the batch, -1 what is left
  kPermute,      // sizes: order of the axes
  kMatMul,
  kSum,          // sizes: axis, which stays with size 1
  kRunningSum,   // sizes: axis
  kCount,        // 0, 1, ... as many as axis 2 of x is long
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,       // of floats
  kTruncDivide,  // of integers, towards 0
  kFloorDivide,  // of integers, downwards
  kRemainder,    // of integers, with the divisor's sign
  kLess,
  kWhere,        // condition, then, otherwise
  kPower,
  kAbs,
  kSquareRoot,
  kTanh,
  kSigmoid,
  kSine,
  kLeakyRelu,    // slope
  kToInteger,    // towards 0
  kToFloat,
};

constexpr int64_t kToTheEnd = INT64_MAX;  // of a slice

struct TensorConstant {
  std::vector<int64_t> shape;
  std::variant<std::vector<float>, std::vector<int64_t>> values;
};

struct TensorStep {
  TensorOp op;
  std::vector<int> in;         // steps before this one
  std::vector<int64_t> sizes;
  double slope = 0;
  int constant = -1;           // place in TensorProgram::constants
};

struct TensorPort {
  std::string name;
  int step = -1;
  int channels = 0, frames = 0;  // frames a tick
};

struct TensorState {
  std::string name;
  int step = -1, next = -1;  // what comes in, and what it is after the call
  std::vector<int64_t> shape;  // behind the batch
  bool integer = false;
  bool noise = false;          // of the generator: other numbers begin another sequence
};

struct TensorProgram {
  std::vector<TensorStep> steps;
  std::vector<TensorConstant> constants;
  std::vector<TensorPort> inputs, outputs;
  std::vector<TensorState> states;
  int hop = 1;      // audio samples a tick
  int latency = 0;  // samples behind the offline network
};

// Noise is drawn and pulses are made inside, in integers, bit for bit the stream's. An input beyond 1e3 or not a number
// counts as 0.
TensorProgram make_tensor_program(const Steps& steps);

}  // namespace nr
