// Convolutions of a graph as one operator each: activation, padding, weight norm, convolution, bias.
#pragma once
#include <torch/types.h>

namespace nr {

struct ConvolutionLayer {
  torch::Tensor weight;  // [out, in / groups, kernel]; transposed: [in, out, kernel]
  torch::Tensor gain;    // weight norm: the filter is gain weight / |weight| along the first dimension; or undefined
  torch::Tensor bias;    // [out], or undefined
  int64_t stride = 1, dilation = 1, groups = 1;
  // Frames of zeros before and after the input; transposed: frames cut from the output's start and end. A negative
  // number at its end adds zeros.
  int64_t before = 0, after = 0;
  double slope = 1;      // of a leaky ReLU before it; 1: none
  bool transposed = false;
};

// x: [batch, in, frames] -> [batch, out, frames']. In floats on the CPU by dsp/convolution.h, else by LibTorch: in
// bfloat16 where it autocasts (nn/autocast.h), but for a transposed one on the CPU.
torch::Tensor convolve(const ConvolutionLayer& layer, const torch::Tensor& x);

}  // namespace nr
