// Convolutions of few channels over many frames, and what their gradients need, without a copy of the input for every
// tap: every tap is a row at an offset, and blocks of outputs stay in registers (Goto and van de Geijn, 2008, of matrix
// products). A convolution goes from its fast side, x, to its slow side, y, which has a frame for every `stride` of x:
//
//   y[o][t] = sum over i, k of w[o][i][k] x[i][t stride + k dilation - before],  x = 0 where it has no frame
//
// and a transposed convolution the other way: x[i][u] is the sum of w[o][i][k] y[o][t] over all o, k and t whose t
// stride + k dilation - before is u. Each is the other's gradient. Tasks may run on any threads, in any order.
#pragma once
#include <vector>

namespace nr {

struct Convolution {
  int batch, slow_channels, fast_channels, slow_frames, fast_frames;
  int kernel, stride, dilation, before;  // stride or dilation is 1
  int slow_item, fast_item;              // floats from one item of the batch to the next
};

// w: [slow_channels][fast_channels][kernel]; scale: of every slow channel's weights, or null.
struct ConvolutionWeights {
  const float *w, *scale;
};

// A side with zeros around it, its negative numbers times `slope`: what the functions below read.
std::vector<float> padded_fast(const Convolution& c, const float* x, float slope);
std::vector<float> padded_slow(const Convolution& c, const float* y, float slope);

// The weights in the order in which the functions below read them.
std::vector<float> slow_panels(const Convolution& c, const ConvolutionWeights& w);
std::vector<float> fast_panels(const Convolution& c, const ConvolutionWeights& w);

// y from padded x, or x from padded y, whole. bias: of every channel that is written, or null. rectified: null, or a
// table as the one written: where it is not above 0, what is written is multiplied by `slope`.
int slow_tasks(const Convolution& c);
void write_slow(const Convolution& c, const std::vector<float>& panels, const std::vector<float>& fast,
                const float* bias, const float* rectified, float slope, float* y, int first, int last);
int fast_tasks(const Convolution& c);
void write_fast(const Convolution& c, const std::vector<float>& panels, const std::vector<float>& slow,
                const float* bias, const float* rectified, float slope, float* x, int first, int last);

// The weights' gradient, [slow_channels][fast_channels][kernel]: sums over batch and frames of y times what a weight
// multiplies. y: not padded.
int gradient_tasks(const Convolution& c);
void write_gradient(const Convolution& c, const float* y, const std::vector<float>& fast, float* gradient, int first,
                    int last);

}  // namespace nr
