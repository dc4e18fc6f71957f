#include "nn/token_velocity.h"

#include <cmath>

#include "base/error.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

namespace nn = torch::nn;

// Blocks begin as the identity (adaLN-Zero).
nn::Linear zero_linear(int64_t in, int64_t out) {
  nn::Linear layer(in, out);
  const torch::NoGradGuard no_grad;
  layer->weight.zero_(), layer->bias.zero_();
  return layer;
}

torch::Tensor normed(const torch::Tensor& x) {
  return F::layer_norm(x, F::LayerNormFuncOptions({x.size(-1)}).eps(1e-6));
}

torch::Tensor modulated(const torch::Tensor& x, const torch::Tensor& shift, const torch::Tensor& scale) {
  return normed(x) * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1);
}

}  // namespace

TokenVelocity::TokenVelocity(const RegressorConfig& c, int64_t parameters, int64_t condition)
    : width_(c.token_width), heads_(c.token_heads) {
  if (width_ % heads_) fail("model.token_heads: ", heads_, " must divide model.token_width (", width_, ")");
  const double spread = 1 / std::sqrt(double(width_));
  assignment_ = register_parameter("assignment", torch::randn({c.tokens, parameters}) / std::sqrt(double(parameters)));
  direction_ = register_parameter("direction", torch::randn({parameters, width_}) * spread);
  offset_ = register_parameter("offset", torch::randn({parameters, width_}) * spread);
  out_direction_ = register_parameter("out_direction", torch::randn({parameters, width_}) * spread);
  out_offset_ = register_parameter("out_offset", torch::zeros({parameters}));
  for (int i = 0; i < c.token_layers; ++i) {
    Block b;
    b.modulation = register_module(text("modulation", i), zero_linear(condition, 6 * width_));
    b.attention = register_module(text("attention", i), nn::Linear(width_, 3 * width_));
    b.mixed = register_module(text("mixed", i), nn::Linear(width_, width_));
    b.wide = register_module(text("wide", i), nn::Linear(width_, 4 * width_));
    b.narrow = register_module(text("narrow", i), nn::Linear(4 * width_, width_));
    blocks_.push_back(b);
  }
  last_ = register_module("last", zero_linear(condition, 2 * width_));
}

torch::Tensor TokenVelocity::attend(Block& b, const torch::Tensor& tokens) {
  const int64_t n = tokens.size(0), count = tokens.size(1), each = width_ / heads_;
  const auto all = b.attention->forward(tokens).reshape({n, count, 3, heads_, each});
  const auto of = [&](int64_t which) { return all.select(2, which).transpose(1, 2); };  // [n, heads, tokens, each]
  const auto scores = torch::matmul(of(0), of(1).transpose(2, 3)) / std::sqrt(double(each));
  const auto read = torch::matmul(torch::softmax(scores, -1), of(2));
  return b.mixed->forward(read.transpose(1, 2).reshape({n, count, width_}));
}

torch::Tensor TokenVelocity::forward(const torch::Tensor& x, const torch::Tensor& condition) {
  auto tokens = torch::matmul(assignment_, x.unsqueeze(2) * direction_ + offset_);
  for (Block& b : blocks_) {
    const auto m = b.modulation->forward(condition).chunk(6, 1);
    tokens = tokens + m[2].unsqueeze(1) * attend(b, modulated(tokens, m[0], m[1]));
    const auto wide = torch::gelu(b.wide->forward(modulated(tokens, m[3], m[4])));
    tokens = tokens + m[5].unsqueeze(1) * b.narrow->forward(wide);
  }
  const auto m = last_->forward(condition).chunk(2, 1);
  const auto read = torch::matmul(assignment_.t(), modulated(tokens, m[0], m[1]));  // [n, parameters, width]
  return (read * out_direction_).sum(2) + out_offset_;
}

}  // namespace nr
