#include "evaluation/set.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "descriptors/intonation.h"
#include "evaluation/spectral.h"
#include "evaluation/statistics.h"

namespace nr {
namespace {

constexpr int kMels = 80;

// Frames, their sum and the sum of their outer products, in one row.
torch::Tensor moments(const std::vector<float>& samples, int sample_rate) {
  const int window = mel_window(sample_rate);
  MelSpectrogram mel = log_mel(samples, sample_rate, window, window / 4, kMels);
  const auto x = torch::from_blob(mel.values.data(), {mel.frames, kMels}).to(torch::kDouble);
  return torch::cat({torch::full({1}, double(mel.frames), x.options()), x.sum(0), torch::matmul(x.t(), x).flatten()});
}

std::vector<double> both(const Observation& o, const std::vector<float>& played) {
  const torch::NoGradGuard no_grad;
  const auto out = torch::cat({moments(o.original, o.sample_rate), moments(played, o.sample_rate)});
  return {out.data_ptr<double>(), out.data_ptr<double>() + out.numel()};
}

struct Gaussian {
  torch::Tensor mean, covariance;
};

Gaussian gaussian(const torch::Tensor& moments) {
  const auto frames = moments[0], mean = moments.narrow(0, 1, kMels) / frames;
  const auto squares = moments.narrow(0, 1 + kMels, kMels * kMels).reshape({kMels, kMels}) / frames;
  return {mean, squares - torch::ger(mean, mean)};
}

// tr (C D)^(1/2) = tr (C^(1/2) D C^(1/2))^(1/2), of a symmetric matrix.
double distance(const torch::Tensor& both) {
  const int64_t half = both.numel() / 2;
  const Gaussian a = gaussian(both.narrow(0, 0, half)), b = gaussian(both.narrow(0, half, half));
  const auto [values, vectors] = torch::linalg_eigh(a.covariance);
  const auto root = torch::matmul(vectors * values.clamp_min(0).sqrt(), vectors.t());
  const auto inner = torch::matmul(torch::matmul(root, b.covariance), root);
  const auto product = torch::linalg_eigvalsh((inner + inner.t()) / 2).clamp_min(0).sqrt().sum();
  const auto traces = a.covariance.trace() + b.covariance.trace();
  return std::max(0.0, ((a.mean - b.mean).square().sum() + traces - 2 * product).item<double>());
}

// Pseudo-values of distance(none left out), moved so that it is their mean. distance(i): without clip i.
template <class Distance>
std::vector<std::vector<Number>> pseudo_values(size_t clips, const char* unit, const Distance& distance) {
  const double whole = distance(clips), count = double(clips);
  std::vector<double> values;
  for (size_t i = 0; i < clips; ++i)
    values.push_back(clips < 2 ? whole : count * whole - (count - 1) * distance(i));
  const double shift = whole - mean(values);
  std::vector<std::vector<Number>> out;
  for (const double value : values) out.push_back({{"", value + shift, unit}});
  return out;
}

// [bins of 4 Hz, frames]: dB above the median of the 33 bins around. Lines below -100 dB of full scale are not seen.
torch::Tensor prominence(const std::vector<float>& samples, int window) {
  auto x = torch::zeros({std::max<int64_t>(int64_t(samples.size()), window)});
  std::copy(samples.begin(), samples.end(), x.data_ptr<float>());
  const auto spectrum =
      torch::stft(x, window, window / 2, window, torch::hann_window(window), false, "reflect", false, true, true);
  const auto level = 20 * torch::log10(spectrum.abs() * (4.0 / window) + 1e-5);
  constexpr int64_t kAround = 16;
  const auto inner = level.narrow(0, kAround, level.size(0) - 2 * kAround);
  return inner - std::get<0>(level.unfold(0, 2 * kAround + 1, 1).median(2));
}

int line_window(int sample_rate) { return sample_rate / 8 * 2; }

}  // namespace

std::vector<double> frechet_adds(const Observation& o, const std::vector<Scale>&) { return both(o, o.own.audio); }
std::vector<double> frechet_exchanged_adds(const Observation& o, const std::vector<Scale>&) {
  return both(o, o.trials[0].audio);
}

std::vector<std::vector<Number>> frechet(const std::vector<std::vector<double>>& clips, const std::vector<Scale>&,
                                         int) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> rows;
  for (const auto& clip : clips) rows.push_back(torch::tensor(clip, torch::kDouble));
  const auto total = torch::stack(rows).sum(0);
  return pseudo_values(clips.size(), "nats²",
                       [&](size_t without) { return distance(without < rows.size() ? total - rows[without] : total); });
}

namespace {

std::vector<double> joined(std::vector<double> first, const std::vector<double>& second) {
  if (second.empty()) return {};
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// Of rows [clips, 2, dimensions]. tr (C D)^(1/2) is the sum of the singular values of A B^T / n, where C = A^T A / n.
double embedding_distance(const torch::Tensor& rows) {
  const auto means = rows.mean(0), centred = rows - means;
  const auto a = centred.select(1, 0), b = centred.select(1, 1);
  const auto product = torch::linalg_svdvals(torch::matmul(a, b.t())).sum();
  const auto spread = (a.square().sum() + b.square().sum() - 2 * product) / double(rows.size(0));
  return std::max(0.0, ((means[0] - means[1]).square().sum() + spread).item<double>());
}

}  // namespace

std::vector<double> frechet_cdpam_adds(const Observation& o, const std::vector<Scale>&) {
  return joined(o.cdpam.original, o.cdpam.played);
}
std::vector<double> frechet_cdpam_exchanged_adds(const Observation& o, const std::vector<Scale>&) {
  return joined(o.cdpam.original, o.cdpam.changed);
}

std::vector<std::vector<Number>> frechet_cdpam(const std::vector<std::vector<double>>& clips, const std::vector<Scale>&,
                                               int) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> rows;
  for (const auto& clip : clips) {
    if (clip.empty()) return std::vector<std::vector<Number>>(clips.size());
    rows.push_back(torch::tensor(clip, torch::kDouble).reshape({2, -1}));
  }
  const auto all = torch::stack(rows);
  return pseudo_values(clips.size(), "", [&](size_t without) {
    if (without == clips.size()) return embedding_distance(all);
    const int64_t at = int64_t(without);
    return embedding_distance(torch::cat({all.narrow(0, 0, at), all.narrow(0, at + 1, all.size(0) - at - 1)}));
  });
}

namespace {

std::vector<double> lines(const Observation& o, const std::vector<float>& audio) {
  const torch::NoGradGuard no_grad;
  const int window = line_window(o.sample_rate);
  const auto original = prominence(o.original, window), played = prominence(audio, window);
  std::vector<int64_t> sounding;
  for (int64_t frame = 0; frame < original.size(1); ++frame) {
    const size_t centre = size_t((frame + 1) * (window / 2) / o.pitch.hop);
    if (centre < o.pitch.size() && o.pitch.level[centre] > kNearSilence) sounding.push_back(frame);
  }
  std::vector<double> out(original.size(0), kUndefined);
  if (sounding.size() < 4) return out;
  const auto frames = torch::tensor(sounding);
  const auto lasting = [&](const torch::Tensor& x) { return x.index_select(1, frames).quantile(0.1, 1); };
  constexpr double kMost = 20;  // dB: few clips that share a note must not weigh as all that share a drone
  const auto more = (lasting(played) - lasting(original)).clamp(-kMost, kMost).to(torch::kDouble).contiguous();
  std::copy_n(more.data_ptr<double>(), out.size(), out.begin());
  return out;
}

}  // namespace

std::vector<double> steady_lines_adds(const Observation& o, const std::vector<Scale>&) { return lines(o, o.own.audio); }
std::vector<double> steady_lines_exchanged_adds(const Observation& o, const std::vector<Scale>&) {
  return lines(o, o.trials[0].audio);
}

std::vector<std::vector<Number>> steady_lines(const std::vector<std::vector<double>>& clips, const std::vector<Scale>&,
                                              int sample_rate) {
  std::vector<double> sums(clips.front().size(), 0.0);
  for (const auto& clip : clips)
    for (size_t k = 0; k < sums.size(); ++k)
      if (!std::isnan(clip[k])) sums[k] += clip[k];
  const size_t line = size_t(std::max_element(sums.begin(), sums.end()) - sums.begin());
  const double hz = double(line + 16) * sample_rate / line_window(sample_rate);
  std::vector<std::vector<Number>> out;
  for (const auto& clip : clips)
    out.push_back({{"", clip[line], "dB"}, {"at", std::isnan(clip[line]) ? kUndefined : hz, "Hz"}});
  return out;
}

}  // namespace nr
