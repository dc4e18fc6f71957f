#include "losses/descriptors.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "descriptors/timbre_slopes.h"
#include "dsp/frame_magnitudes.h"

namespace nr {
namespace F = torch::nn::functional;
namespace {

// -> magnitudes [n, measurements, bins] and, without a gradient, energies [n, measurements] by dsp/frame_magnitudes.h.
struct Magnitudes : torch::autograd::Function<Magnitudes> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                                                const Framing& framing, int64_t measurements) {
    const auto audio = given.contiguous();
    const FrameMagnitudes f = shape_of(audio, framing.window, framing.hop, measurements);
    const auto magnitudes = torch::empty({f.rows, f.frames, f.bins()}, audio.options().requires_grad(false));
    const auto energies = torch::empty({f.rows, f.frames}, magnitudes.options());
    for_rows(f, [&](const FrameMagnitudes& part, int64_t row) {
      frame_magnitudes(part, audio.data_ptr<float>() + row * f.samples,
                       magnitudes.data_ptr<float>() + row * f.frames * f.bins(),
                       energies.data_ptr<float>() + row * f.frames);
    });
    context->save_for_backward({audio});
    context->saved_data["framing"] = std::vector<int64_t>{framing.window, framing.hop, measurements};
    context->mark_non_differentiable({energies});
    return {magnitudes, energies};
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& above) {
    const auto audio = context->get_saved_variables()[0], gradients = above[0].contiguous();
    const std::vector<int64_t> framing = context->saved_data["framing"].toIntVector();
    const FrameMagnitudes f = shape_of(audio, framing[0], framing[1], framing[2]);
    const auto out = torch::empty_like(audio);
    for_rows(f, [&](const FrameMagnitudes& part, int64_t row) {
      frame_magnitudes_gradient(part, audio.data_ptr<float>() + row * f.samples,
                                gradients.data_ptr<float>() + row * f.frames * f.bins(),
                                out.data_ptr<float>() + row * f.samples);
    });
    return {out, {}, {}};
  }

 private:
  static FrameMagnitudes shape_of(const torch::Tensor& audio, int64_t window, int64_t hop, int64_t measurements) {
    return {int(window),        int(hop),           int(measurements), int(window / 2 - hop / 2),
            int(audio.size(0)), int(audio.size(-1))};
  }
  template <class Work>
  static void for_rows(const FrameMagnitudes& f, const Work& work) {
    constexpr int64_t kAtOnce = 2;  // not a share of the threads: the sums would round by their number
    at::parallel_for(0, (f.rows + kAtOnce - 1) / kAtOnce, 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin * kAtOnce; row < std::min<int64_t>(end * kAtOnce, f.rows); row += kAtOnce) {
        FrameMagnitudes part = f;
        part.rows = int(std::min<int64_t>(kAtOnce, f.rows - row));
        work(part, row);
      }
    });
  }
};

// One measurement after another, [n, measurements, window], centred on (i + 1/2) hop.
torch::Tensor frames_of(const torch::Tensor& audio, const Framing& f) {
  const int64_t before = f.window / 2 - f.hop / 2, count = audio.size(-1) / f.hop;
  const int64_t after = std::max<int64_t>(0, (count - 1) * f.hop + f.window - before - audio.size(-1));
  const auto padded = F::pad(audio, F::PadFuncOptions({before, after})).squeeze(1);
  return padded.unfold(-1, f.window, f.hop).narrow(1, 0, count);
}

// What the spectral descriptors share; all [n, measurements, bins] or [n, measurements].
struct Spectrum {
  torch::Tensor magnitude, sum, hz, sounds;
  double bin_hz;
};

// frames: those of the audio.
Spectrum spectrum_of(const torch::Tensor& audio, const torch::Tensor& frames, const Framing& f) {
  Spectrum s;
  s.bin_hz = double(f.sample_rate) / f.window;
  const auto window = torch::hann_window(f.window, frames.options().requires_grad(false));
  torch::Tensor energy;
  if (audio.is_cpu() && audio.scalar_type() == torch::kFloat && has_frame_magnitudes(f.window, f.hop)) {
    const auto found = Magnitudes::apply(audio, f, frames.size(1));
    s.magnitude = found[0], energy = found[1];
  } else {
    const auto windowed = frames * window;
    s.magnitude = torch::abs(torch::fft_rfft(windowed)), energy = windowed.detach().pow(2).sum(-1);
  }
  s.hz = torch::arange(s.magnitude.size(-1), window.options()) * s.bin_hz;
  s.sounds = (energy >= window.pow(2).sum() * 1e-12).to(window.scalar_type());  // -120 dB
  s.sum =
      s.magnitude.sum(-1) + (1 - s.sounds);  // a silent frame is left out below: only its quotients must stay finite
  return s;
}

torch::Tensor rms(const torch::Tensor& frames) { return (frames.pow(2).mean(-1) + 1e-14).sqrt(); }

torch::Tensor centroid(const Spectrum& s) { return (s.magnitude * s.hz).sum(-1) / s.sum; }

torch::Tensor bandwidth(const Spectrum& s) {
  return ((s.magnitude * (s.hz - centroid(s).unsqueeze(-1)).pow(2)).sum(-1) / s.sum + 1e-12).sqrt();
}

torch::Tensor flatness(const Spectrum& s) {
  const auto power = s.magnitude.pow(2).clamp_min(1e-10);
  return power.log().mean(-1).exp() / power.mean(-1);
}

// The reference names the bin in which 85 % are reached; here that bin's magnitude is spread over its width, so the
// crossing moves with the magnitudes and lies within half a bin of the reference.
torch::Tensor rolloff(const Spectrum& s) {
  const auto wanted = 0.85 * s.magnitude.sum(-1, true), reached = s.magnitude.cumsum(-1);
  const auto bin = (reached < wanted).sum(-1, true).clamp_max(s.magnitude.size(-1) - 1);
  const auto inside = s.magnitude.gather(-1, bin);
  const auto share = (wanted - reached.gather(-1, bin) + inside) / inside.clamp_min(1e-12);
  return ((bin + share.clamp(0, 1) - 0.5) * s.bin_hz).squeeze(-1);
}

torch::Tensor brightness(const Spectrum& s) {
  const auto power = s.magnitude.square();
  const int64_t from = std::min<int64_t>(power.size(-1), int64_t(std::ceil(1500 / s.bin_hz)));
  return power.narrow(-1, from, power.size(-1) - from).sum(-1) / (power.sum(-1) + (1 - s.sounds));
}

// levels: [n, measurements, 28] dB -> the descriptor, and 1 where it is defined; both [n, measurements].
struct Timbre : torch::autograd::Function<Timbre> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                                                const std::string& name) {
    const auto levels = given.to(torch::kCPU, torch::kDouble).contiguous();
    const auto slopes = torch::zeros_like(levels), values = torch::zeros_like(levels.select(-1, 0)),
               defined = torch::zeros_like(values);
    at::parallel_for(0, values.numel(), 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        ThirdOctaveLevels of_frame;
        std::copy_n(levels.data_ptr<double>() + 28 * i, 28, of_frame.begin());
        TimbreSlopes found;
        if (!timbre_slopes(name, of_frame, found)) continue;
        values.data_ptr<double>()[i] = found.value, defined.data_ptr<double>()[i] = 1;
        std::copy_n(found.slope.begin(), 28, slopes.data_ptr<double>() + 28 * i);
      }
    });
    context->save_for_backward({slopes.to(given.options())});
    const auto sounds = defined.to(given.options());
    context->mark_non_differentiable({sounds});
    return {values.to(given.options()), sounds};
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& above) {
    return {above[0].unsqueeze(-1) * context->get_saved_variables()[0], {}};
  }
};

torch::Tensor third_octave_levels(const Spectrum& s, const Framing& f) {
  const int bins = int(s.magnitude.size(-1));
  std::vector<float> weights = ThirdOctaves(f.sample_rate, f.window).weights(bins);
  const auto matrix =
      torch::from_blob(weights.data(), {bins, 28}).clone().to(s.magnitude.options().requires_grad(false));
  return 10 * torch::log10(torch::matmul(s.magnitude.square(), matrix).clamp_min(1e-30)) + kFullScaleDb;
}

// Area average over latent frames, silent measurements left out: what descriptors/average() does with NaNs.
torch::Tensor average(const torch::Tensor& curve, const torch::Tensor& sounds, int64_t ratio) {
  const auto grouped = [ratio](const torch::Tensor& x) { return x.reshape({x.size(0), -1, ratio}).sum(-1); };
  return grouped(curve * sounds) / grouped(sounds).clamp_min(1);
}

// descriptors/warp(), with a gradient of 0 below its floor.
torch::Tensor warped(Warp unit, const torch::Tensor& physical) {
  switch (unit) {
    case Warp::kDecibel:
      return 20 * torch::log10(physical.clamp_min(1e-6));
    case Warp::kOctave:
      return torch::log2(physical.clamp_min(1));
    case Warp::kLinear:
      break;
  }
  return physical;
}

}  // namespace

const std::vector<std::string>& differentiable_descriptors() {
  static const std::vector<std::string> names{"rms",        "centroid",  "bandwidth", "flatness", "rolloff",
                                              "brightness", "sharpness", "warmth",    "booming"};
  return names;
}

torch::Tensor measure_descriptors(const torch::Tensor& audio, const std::vector<std::string>& names, const Framing& f,
                                  int latent_hop) {
  if (latent_hop % f.hop)
    fail("a latent hop of ", latent_hop, " samples: expected a multiple of the descriptors' hop, ", f.hop);
  const int64_t ratio = latent_hop / f.hop, measurements = audio.size(-1) / latent_hop * ratio;
  const auto frames = frames_of(audio, f).narrow(1, 0, measurements);
  Spectrum s;
  if (std::any_of(names.begin(), names.end(), [](const std::string& name) { return name != "rms"; }))
    s = spectrum_of(audio, frames, f);
  std::vector<torch::Tensor> curves;
  torch::Tensor levels;
  for (const std::string& name : names) {
    torch::Tensor curve, defined;  // [n, measurements]; physical
    if (name == "rms")
      curve = rms(frames);
    else if (name == "centroid")
      curve = centroid(s);
    else if (name == "bandwidth")
      curve = bandwidth(s);
    else if (name == "flatness")
      curve = flatness(s);
    else if (name == "rolloff")
      curve = rolloff(s);
    else if (name == "brightness")
      curve = brightness(s);
    else if (name == "sharpness" || name == "warmth" || name == "booming") {
      if (!levels.defined()) levels = third_octave_levels(s, f);
      const auto found = Timbre::apply(levels, name);
      curve = found[0], defined = s.sounds * found[1];
    }
    else
      fail("descriptor '", name, "' has no differentiable form", hint(name, differentiable_descriptors()));
    const auto sounds = name == "rms" ? torch::ones_like(curve) : defined.defined() ? defined : s.sounds;
    curves.push_back(warped(descriptors().at(name).warp, average(curve, sounds, ratio)));
  }
  return torch::stack(curves, 1);
}

torch::Tensor aperiodicity(const torch::Tensor& audio, const torch::Tensor& hz, const Framing& f, int latent_hop) {
  if (latent_hop % f.hop)
    fail("a latent hop of ", latent_hop, " samples: expected a multiple of the descriptors' hop, ", f.hop);
  const int64_t ratio = latent_hop / f.hop, measurements = hz.size(-1) * ratio;
  const auto x = frames_of(audio, f).narrow(1, 0, measurements);
  const auto lag =
      (f.sample_rate / hz.detach()).clamp(2, f.window - 2).repeat_interleave(ratio, -1);  // samples, with a fraction
  // What lies beyond the longest lag is not read. A device is not waited for to know it.
  const int64_t lags = hz.is_cpu() ? int64_t(lag.max().item<double>()) + 2 : f.window;
  const auto correlation =
      torch::fft_irfft(torch::abs(torch::fft_rfft(x, 2 * f.window)).square(), 2 * f.window).narrow(-1, 0, lags);
  const auto head = F::pad(x.square().cumsum(-1), F::PadFuncOptions({1, 0})).narrow(-1, 0, lags);
  const auto difference = (2 * (correlation.narrow(-1, 0, 1) - correlation) - head).clamp_min(0);
  const auto normalised = difference * torch::arange(lags, lag.options()) / (difference.cumsum(-1) + 1e-9);
  const auto before = lag.floor().unsqueeze(-1), share = lag.unsqueeze(-1) - before;
  const auto at = [&](const torch::Tensor& index) { return normalised.gather(-1, index.to(torch::kLong)); };
  return ((1 - share) * at(before) + share * at(before + 1)).reshape({x.size(0), -1, ratio}).mean(-1);
}

}  // namespace nr
