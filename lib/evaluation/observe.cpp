#include "evaluation/observe.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"

namespace nr {
namespace {

Framing framing_of(const TrainedModel& trained) { return {trained.sample_rate, trained.descriptors.window, trained.descriptors.hop}; }

int latent_hop(const TrainedModel& trained) { return trained.model->graphs().hop; }

// Latent frames beyond the clip, for what the output lags.
int tail_frames(const TrainedModel& trained) {
  const int hop = latent_hop(trained);
  return (std::max(0, trained.model->graphs().delay) + hop - 1) / hop;
}

torch::Device device_of(const TrainedModel& trained) { return trained.model->parameters().front().device(); }

// [trials, controls, frames]; the last frame is held through the tail.
torch::Tensor control_tensor(const TrainedModel& trained, const std::vector<Curves>& asked, int frames) {
  const int tail = tail_frames(trained);
  auto out = torch::empty({static_cast<int64_t>(asked.size()), static_cast<int64_t>(trained.scales.size()), frames + tail});
  float* at = out.data_ptr<float>();
  for (const Curves& curves : asked)
    for (size_t k = 0; k < curves.size(); ++k)
      for (int i = 0; i < frames + tail; ++i) *at++ = trained.scales[k].normalise(curves[k][std::min(i, frames - 1)]);
  return out.to(device_of(trained));
}

// Row `row` of [trials, 1, samples], moved forward by the model's delay and cut to the clip.
std::vector<float> in_time(const torch::Tensor& audio, int64_t row, int delay, const Sound& sound) {
  const auto samples = audio[row][0].to(torch::kCPU).contiguous();
  const float* data = samples.data_ptr<float>();
  std::vector<float> out(sound.samples.size());
  for (int64_t i = 0; i < static_cast<int64_t>(out.size()); ++i) {
    const int64_t from = i + delay;
    out[i] = from >= 0 && from < samples.size(0) ? data[from] : 0.f;
    if (!std::isfinite(out[i])) fail(sound.name, ": the model's output is not finite at sample ", i, "; has its training diverged?");
  }
  return out;
}

// One decoding a set of curves; a model without controls decodes once.
std::vector<std::vector<float>> decode(const TrainedModel& trained, const Sound& sound, const torch::Tensor& z, const std::vector<Curves>& asked) {
  const bool steered = !trained.scales.empty();
  const int64_t rows = steered ? static_cast<int64_t>(asked.size()) : 1;
  const auto controls = steered ? control_tensor(trained, asked, sound.frames) : torch::Tensor();
  const auto audio = trained.model->play(z.expand({rows, -1, -1}).contiguous(), controls);
  std::vector<std::vector<float>> out;
  for (int64_t row = 0; row < rows; ++row) out.push_back(in_time(audio, row, trained.model->graphs().delay, sound));
  return out;
}

std::vector<bool> both(const std::vector<bool>& a, const std::vector<bool>& b) {
  std::vector<bool> out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] && b[i];
  return out;
}

void finish(const TrainedModel& trained, const Sound& sound, const Reach& reach, std::vector<Trial>& trials) {
  parallel_for(trials.size(), [&](size_t i) {
    Trial& trial = trials[i];
    trial.measured = measure_curves(trial.audio, trained.scales, framing_of(trained), latent_hop(trained), sound.frames).curves;
    trial.reach = reach.mean_distance(trial.asked, trial.active, trained.scales);
  });
}

}  // namespace

torch::Tensor latent_of(const TrainedModel& trained, const Sound& sound) {
  const torch::NoGradGuard no_grad;
  auto audio = torch::zeros({1, 1, static_cast<int64_t>(sound.frames + tail_frames(trained)) * latent_hop(trained)});
  std::copy(sound.samples.begin(), sound.samples.end(), audio.data_ptr<float>());
  return trained.model->encode(audio.to(device_of(trained))).posterior.mean;
}

Sound make_sound(const TrainedModel& trained, const std::string& name, std::vector<float> samples) {
  if (samples.empty()) fail(name, ": holds no samples");
  const int hop = latent_hop(trained), frames = static_cast<int>((samples.size() + hop - 1) / hop);
  Sound sound{name, std::move(samples), frames, {}};
  sound.measured = measure_curves(sound.samples, trained.scales, framing_of(trained), hop, frames);
  return sound;
}

Observation observe(const TrainedModel& trained, const Sound& sound, const Sound* donor, const Reach& reach) {
  const size_t controls = trained.scales.size();
  Curves own, given;
  for (size_t k = 0; k < controls; ++k) {
    own.push_back(bounded(sound.measured.curves[k], trained.scales[k]));
    if (donor) given.push_back(wrapped(bounded(donor->measured.curves[k], trained.scales[k]), sound.frames));
  }
  Observation out{sound.name, trained.sample_rate, sound.samples, {}, latent_of(trained, sound), sound.measured, {}, {}, {}};
  std::vector<Curves> asked{own};
  if (donor && controls) {
    const std::vector<bool> heard = wrapped(donor->measured.active, sound.frames);
    out.trials.push_back({Trial::kAll, given, {}, heard, 0, {}});
    for (size_t k = 0; k < controls; ++k) {
      Curves one = own;
      one[k] = given[k];
      out.trials.push_back({static_cast<int>(k), one, {}, both(heard, sound.measured.active), 0, {}});
    }
    for (const Trial& trial : out.trials) asked.push_back(trial.asked);
  }
  std::vector<std::vector<float>> audio = decode(trained, sound, out.latent, asked);
  out.reconstruction = std::move(audio[0]);
  out.own = measure_curves(out.reconstruction, trained.scales, framing_of(trained), latent_hop(trained), sound.frames);
  for (size_t i = 0; i < out.trials.size(); ++i) out.trials[i].audio = std::move(audio[i + 1]);
  finish(trained, sound, reach, out.trials);
  return out;
}

std::vector<Trial> sweep(const TrainedModel& trained, const Sound& sound, const Reach& reach) {
  std::vector<Trial> trials;
  std::vector<Curves> asked;
  for (size_t k = 0; k < trained.scales.size(); ++k) {
    Trial trial;
    trial.control = static_cast<int>(k);
    trial.active = sound.measured.active;
    for (size_t j = 0; j < trained.scales.size(); ++j) trial.asked.push_back(bounded(sound.measured.curves[j], trained.scales[j]));
    for (int i = 0; i < sound.frames; ++i)
      trial.asked[k][i] = trained.scales[k].physical(sound.frames > 1 ? 2.f * i / (sound.frames - 1) - 1 : 0);
    asked.push_back(trial.asked);
    trials.push_back(std::move(trial));
  }
  if (trials.empty()) return trials;
  std::vector<std::vector<float>> audio = decode(trained, sound, latent_of(trained, sound), asked);
  for (size_t i = 0; i < trials.size(); ++i) trials[i].audio = std::move(audio[i]);
  finish(trained, sound, reach, trials);
  return trials;
}

}  // namespace nr
