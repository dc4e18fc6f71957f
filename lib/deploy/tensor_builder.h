// Writes a tensor program as one writes formulas.
#pragma once
#include <map>
#include <utility>

#include "deploy/tensor_program.h"

namespace nr {

class TensorBuilder;

struct Tensors {  // a value in the program that is written
  TensorBuilder* to = nullptr;
  int step = -1;
};

class TensorBuilder {
 public:
  Tensors add(TensorOp op, std::vector<Tensors> in, std::vector<int64_t> sizes = {}, double slope = 0);
  // Equal ones are kept once.
  Tensors constant(std::vector<int64_t> shape, std::vector<float> values);
  Tensors constant(std::vector<int64_t> shape, std::vector<int64_t> values);
  Tensors number(double value) { return constant({1}, std::vector<float>{float(value)}); }
  Tensors integer(int64_t value) { return constant({1}, std::vector<int64_t>{value}); }
  Tensors input(const std::string& name, int channels, int frames);
  Tensors state(const std::string& name, std::vector<int64_t> shape, bool integer);
  void keep(Tensors state, Tensors next, bool noise = false);
  void output(const std::string& name, Tensors value, int channels, int frames);
  TensorProgram& program() { return program_; }

 private:
  Tensors constant(TensorConstant value);
  TensorProgram program_;
  std::map<decltype(TensorConstant::values), std::vector<int>> known_;  // steps of constants
};

inline Tensors operator+(Tensors a, Tensors b) { return a.to->add(TensorOp::kAdd, {a, b}); }
inline Tensors operator-(Tensors a, Tensors b) { return a.to->add(TensorOp::kSubtract, {a, b}); }
inline Tensors operator*(Tensors a, Tensors b) { return a.to->add(TensorOp::kMultiply, {a, b}); }
inline Tensors operator<(Tensors a, Tensors b) { return a.to->add(TensorOp::kLess, {a, b}); }
// With integers.
inline Tensors operator+(Tensors a, int64_t b) { return a + a.to->integer(b); }
inline Tensors operator-(Tensors a, int64_t b) { return a - a.to->integer(b); }
inline Tensors operator-(int64_t a, Tensors b) { return b.to->integer(a) - b; }
inline Tensors operator*(Tensors a, int64_t b) { return a * a.to->integer(b); }
inline Tensors operator<(Tensors a, int64_t b) { return a < a.to->integer(b); }
inline Tensors operator<(int64_t a, Tensors b) { return b.to->integer(a) < b; }
inline Tensors operator>>(Tensors a, int bits) {
  return a.to->add(TensorOp::kFloorDivide, {a, a.to->integer(int64_t{1} << bits)});
}
inline Tensors low_bits(Tensors a, int bits) {
  return a.to->add(TensorOp::kRemainder, {a, a.to->integer(int64_t{1} << bits)});
}

inline Tensors where(Tensors condition, Tensors then, Tensors otherwise) {
  return then.to->add(TensorOp::kWhere, {condition, then, otherwise});
}
inline Tensors where(Tensors condition, Tensors then, int64_t otherwise) {
  return where(condition, then, then.to->integer(otherwise));
}
inline Tensors slice(Tensors x, int axis, int64_t from, int64_t to = kToTheEnd) {
  return from == 0 && to == kToTheEnd ? x : x.to->add(TensorOp::kSlice, {x}, {axis, from, to});
}
inline Tensors reshape(Tensors x, std::vector<int64_t> shape) {
  return x.to->add(TensorOp::kReshape, {x}, std::move(shape));
}
inline Tensors permute(Tensors x, std::vector<int64_t> axes) {
  return x.to->add(TensorOp::kPermute, {x}, std::move(axes));
}
inline Tensors concat(int axis, std::vector<Tensors> parts) {
  return parts.size() == 1 ? parts[0] : parts[0].to->add(TensorOp::kConcat, parts, {axis});
}

}  // namespace nr
