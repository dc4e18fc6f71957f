// Activations of many numbers in one pass, and their gradients.
#pragma once
#include <cstddef>

namespace nr {

// y = 2 sigmoid(x)^2.3 + 1e-7 (RAVE, arXiv:2111.05011, appendix). Of NaN: NaN.
void mod_sigmoid(const float* x, float* y, size_t count);
// dx = dy times the derivative at x.
void mod_sigmoid_gradient(const float* x, const float* dy, float* dx, size_t count);

// y = x + x scale + shift, channel by channel (FiLM, arXiv:1709.07871). x, y: [channels][frames]; film: [2
// channels][frames], scales and then shifts. Gradients: dx and dfilm from dy.
void film(const float* x, const float* film, float* y, int channels, int frames);
void film_gradient(const float* x, const float* film, const float* dy, float* dx, float* dfilm, int channels,
                   int frames);

}  // namespace nr
