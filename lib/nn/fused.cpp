#include "nn/fused.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "dsp/activation.h"
#include "dsp/frame_filter.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

using Context = torch::autograd::AutogradContext;
using Tensors = torch::autograd::variable_list;

bool plain(const torch::Tensor& t) { return t.is_cpu() && t.scalar_type() == torch::kFloat; }

float* numbers(const torch::Tensor& t) { return t.data_ptr<float>(); }

// `work` of every item of the batch, on all threads.
template <class Work>
void for_items(const torch::Tensor& batch, const Work& work) {
  at::parallel_for(0, batch.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) work(i);
  });
}

struct ModSigmoid : torch::autograd::Function<ModSigmoid> {
  static torch::Tensor forward(Context* context, const torch::Tensor& given) {
    const auto x = given.contiguous();
    const auto y = torch::empty_like(x);
    const int64_t item = x.numel() / x.size(0);
    for_items(x, [&](int64_t i) { mod_sigmoid(numbers(x) + i * item, numbers(y) + i * item, item); });
    context->save_for_backward({x});
    return y;
  }
  static Tensors backward(Context* context, const Tensors& above) {
    const auto x = context->get_saved_variables()[0], dy = above[0].contiguous(), dx = torch::empty_like(x);
    const int64_t item = x.numel() / x.size(0);
    for_items(x, [&](int64_t i) {
      mod_sigmoid_gradient(numbers(x) + i * item, numbers(dy) + i * item, numbers(dx) + i * item, item);
    });
    return {dx};
  }
};

struct FeatureModulation : torch::autograd::Function<FeatureModulation> {
  static torch::Tensor forward(Context* context, const torch::Tensor& given, const torch::Tensor& given_film) {
    const auto x = given.contiguous(), film = given_film.contiguous();
    const auto y = torch::empty_like(x);
    const int64_t item = x.size(1) * x.size(2);
    for_items(x, [&](int64_t i) {
      nr::film(numbers(x) + i * item, numbers(film) + 2 * i * item, numbers(y) + i * item, int(x.size(1)),
               int(x.size(2)));
    });
    context->save_for_backward({x, film});
    return y;
  }
  static Tensors backward(Context* context, const Tensors& above) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &film = saved[1];
    const auto dy = above[0].contiguous(), dx = torch::empty_like(x), dfilm = torch::empty_like(film);
    const int64_t item = x.size(1) * x.size(2);
    for_items(x, [&](int64_t i) {
      film_gradient(numbers(x) + i * item, numbers(film) + 2 * i * item, numbers(dy) + i * item,
                    numbers(dx) + i * item, numbers(dfilm) + 2 * i * item, int(x.size(1)), int(x.size(2)));
    });
    return {dx, dfilm};
  }
};

struct FilterFrames : torch::autograd::Function<FilterFrames> {
  static torch::Tensor forward(Context* context, const torch::Tensor& given, const torch::Tensor& given_signal,
                               const torch::Tensor& given_responses) {
    const auto amplitudes = given.contiguous(), signal = given_signal.contiguous(),
               responses = given_responses.contiguous();
    const auto y = torch::empty_like(signal);
    const FrameFilter f = filter_of(signal, responses);
    for_items(y, [&](int64_t i) {
      filter_frames(f, numbers(amplitudes.select(0, i)), numbers(signal.select(0, i)), numbers(y.select(0, i)));
    });
    context->save_for_backward({signal, responses});
    return y;
  }
  static Tensors backward(Context* context, const Tensors& above) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &signal = saved[0], &responses = saved[1];
    const auto dy = above[0].contiguous();
    const FrameFilter f = filter_of(signal, responses);
    const auto damplitudes = torch::empty({signal.size(0), signal.size(1) * f.bins, signal.size(2)}, signal.options());
    for_items(dy, [&](int64_t i) {
      filter_frames_gradient(f, numbers(signal.select(0, i)), numbers(dy.select(0, i)),
                             numbers(damplitudes.select(0, i)));
    });
    return {damplitudes, {}, {}};
  }

 private:
  static FrameFilter filter_of(const torch::Tensor& signal, const torch::Tensor& responses) {
    return {numbers(responses), int(responses.size(0)), int(responses.size(1)), int(signal.size(1)),
            int(signal.size(2))};
  }
};

}  // namespace

torch::Tensor mod_sigmoid(const torch::Tensor& x) {
  return plain(x) && x.numel() ? ModSigmoid::apply(x) : 2 * torch::sigmoid(x).pow(2.3) + 1e-7;
}

torch::Tensor film(const torch::Tensor& x, const torch::Tensor& scale_and_shift) {
  if (plain(x) && plain(scale_and_shift) && x.dim() == 3) return FeatureModulation::apply(x, scale_and_shift);
  const auto parts = scale_and_shift.chunk(2, 1);
  return x + x * parts[0] + parts[1];
}

torch::Tensor filter_frames(const torch::Tensor& amplitudes, const torch::Tensor& signal,
                            const torch::Tensor& responses) {
  const int64_t bins = responses.size(0), taps = responses.size(1), rows = signal.size(0) * signal.size(1);
  const int64_t frames = amplitudes.size(2), ratio = signal.size(2) / frames;
  if (plain(amplitudes) && plain(signal) && ratio == 1 && !signal.requires_grad())
    return FilterFrames::apply(amplitudes, signal, responses);
  const auto past = F::pad(signal.reshape({rows, 1, -1}), F::PadFuncOptions({taps - 1, 0}));
  const auto filtered = torch::conv1d(past, responses.flip(1).unsqueeze(1)).reshape({rows, bins, frames, ratio});
  return (filtered * amplitudes.reshape({rows, bins, frames, 1})).sum(1).reshape(signal.sizes());
}

}  // namespace nr
