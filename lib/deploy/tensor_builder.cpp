#include "deploy/tensor_builder.h"

namespace nr {

Tensors TensorBuilder::add(TensorOp op, std::vector<Tensors> in, std::vector<int64_t> sizes, double slope) {
  TensorStep step{op, {}, std::move(sizes), slope};
  for (const Tensors& value : in) step.in.push_back(value.step);
  program_.steps.push_back(std::move(step));
  return {this, int(program_.steps.size()) - 1};
}

Tensors TensorBuilder::constant(TensorConstant value) {
  std::vector<int>& known = known_[value.values];
  for (const int step : known)
    if (program_.constants[size_t(program_.steps[size_t(step)].constant)].shape == value.shape) return {this, step};
  const Tensors made = add(TensorOp::kConstant, {});
  program_.steps.back().constant = int(program_.constants.size());
  program_.constants.push_back(std::move(value));
  known.push_back(made.step);
  return made;
}

Tensors TensorBuilder::constant(std::vector<int64_t> shape, std::vector<float> values) {
  return constant(TensorConstant{std::move(shape), std::move(values)});
}

Tensors TensorBuilder::constant(std::vector<int64_t> shape, std::vector<int64_t> values) {
  return constant(TensorConstant{std::move(shape), std::move(values)});
}

Tensors TensorBuilder::input(const std::string& name, int channels, int frames) {
  const Tensors value = add(TensorOp::kInput, {});
  program_.inputs.push_back({name, value.step, channels, frames});
  return value;
}

Tensors TensorBuilder::state(const std::string& name, std::vector<int64_t> shape, bool integer) {
  const Tensors value = add(TensorOp::kState, {});
  program_.states.push_back({name, value.step, -1, std::move(shape), integer});
  return value;
}

void TensorBuilder::keep(Tensors state, Tensors next, bool noise) {
  for (TensorState& s : program_.states)
    if (s.step == state.step) s.next = next.step, s.noise = noise;
}

void TensorBuilder::output(const std::string& name, Tensors value, int channels, int frames) {
  program_.outputs.push_back({name, value.step, channels, frames});
}

}  // namespace nr
