#include "evaluation/observe.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "data/frames.h"
#include "evaluation/requests.h"

namespace nr {
namespace {

Framing framing_of(const TrainedModel& trained) {
  return {trained.config.data.sample_rate, trained.config.descriptors.window, trained.config.descriptors.hop};
}

int latent_hop(const TrainedModel& trained) { return trained.model->graphs().hop; }

// Latent frames of silence before a clip: what a window at its first sample looks into.
// Without silence around it, a sound that goes on at the clip's end would be measured with a click that is not in it.
int lead_frames(const TrainedModel& trained) {
  return static_cast<int>(margin(trained.config.descriptors.controls, framing_of(trained), latent_hop(trained)) /
                          latent_hop(trained));
}

// ... and behind it: as much, and the delay of the output.
int tail_frames(const TrainedModel& trained) {
  const int hop = latent_hop(trained);
  return lead_frames(trained) + (std::max(0, trained.model->graphs().delay) + hop - 1) / hop;
}

torch::Device device_of(const TrainedModel& trained) { return trained.model->parameters().front().device(); }

// Curve of control k with silence before and behind: the level of silence, and the nearest value of what silence has
// none of. As the decoder gets it.
std::vector<float> in_silence(const TrainedModel& trained, size_t k, const std::vector<float>& curve, int before,
                              int behind) {
  const Scale& scale = trained.scales[k];
  const Framing framing = framing_of(trained);
  const float silence = analyse(std::vector<float>(framing.hop), {scale.descriptor}, framing)[0][0];
  std::vector<float> out(before, silence);
  out.insert(out.end(), curve.begin(), curve.end());
  out.resize(out.size() + behind, silence);
  fill_gaps(out, scale.physical(0));
  return bounded(out, scale);
}

template <class T>
std::vector<T> inside(const TrainedModel& trained, const std::vector<T>& around, int frames) {
  const auto first = around.begin() + lead_frames(trained);
  return {first, first + frames};
}

// Posterior mean of the clip and the silence around it: [1, latent_size, lead + frames + tail].
torch::Tensor latent_around(const TrainedModel& trained, const Sound& sound) {
  const torch::NoGradGuard no_grad;
  const int64_t hop = latent_hop(trained), lead = lead_frames(trained);
  auto audio = torch::zeros({1, 1, (lead + sound.frames + tail_frames(trained)) * hop});
  std::copy(sound.samples.begin(), sound.samples.end(), audio.data_ptr<float>() + lead * hop);
  return trained.model->encode(audio.to(device_of(trained))).posterior.mean;
}

// Row `row` of [trials, 1, samples] with the model's delay taken out: lead frames, the clip's frames, lead frames.
std::vector<float> in_time(const torch::Tensor& audio, int64_t row, const TrainedModel& trained, const Sound& sound) {
  const auto samples = audio[row][0].to(torch::kCPU).contiguous();
  const float* data = samples.data_ptr<float>();
  const int delay = trained.model->graphs().delay;
  std::vector<float> out(static_cast<size_t>(sound.frames + 2 * lead_frames(trained)) * latent_hop(trained));
  for (int64_t i = 0; i < static_cast<int64_t>(out.size()); ++i) {
    const int64_t from = i + delay;
    out[i] = from >= 0 && from < samples.size(0) ? data[from] : 0.f;
    if (!std::isfinite(out[i])) fail(sound.name, ": the model's output is not finite; has its training diverged?");
  }
  return out;
}

// The decoded sound of each trial. Its asked curves: [control][lead + frames + tail].
std::vector<std::vector<float>> decode(const TrainedModel& trained, const Sound& sound, const torch::Tensor& z,
                                       const std::vector<Trial>& trials) {
  const auto rows = static_cast<int64_t>(trials.size());
  torch::Tensor controls;
  if (!trained.scales.empty()) {
    controls = torch::empty({rows, static_cast<int64_t>(trained.scales.size()), z.size(2)});
    float* at = controls.data_ptr<float>();
    for (const Trial& trial : trials)
      for (size_t k = 0; k < trial.asked.size(); ++k)
        for (const float value : trial.asked[k]) *at++ = trained.scales[k].normalise(value);
    controls = controls.to(device_of(trained));
  }
  const auto audio = trained.model->play(z.expand({rows, -1, -1}).contiguous(), controls);
  std::vector<std::vector<float>> out;
  for (int64_t row = 0; row < rows; ++row) out.push_back(in_time(audio, row, trained, sound));
  return out;
}

std::vector<bool> both(const std::vector<bool>& a, const std::vector<bool>& b) {
  std::vector<bool> out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] && b[i];
  return out;
}

// Decodes every trial and fills in its measured curves, distance and sound, cut to the clip.
void play(const TrainedModel& trained, const Sound& sound, const torch::Tensor& z,
          const TrainingCombinations& combinations, std::vector<Trial>& trials, bool with_pitch = true) {
  const std::vector<std::vector<float>> around = decode(trained, sound, z, trials);
  const auto first = static_cast<std::ptrdiff_t>(lead_frames(trained)) * latent_hop(trained);
  const auto count = static_cast<std::ptrdiff_t>(sound.samples.size());
  parallel_for(trials.size(), [&](size_t i) {
    Trial& trial = trials[i];
    for (auto& curve : trial.asked) curve = inside(trained, curve, sound.frames);
    trial.measured =
        measure_curves(around[i], first, count, trained.scales, framing_of(trained), latent_hop(trained)).curves;
    if (!trial.other_asked.empty())
      trial.other_measured = measure_at_other_window(around[i], size_t(first), size_t(count), trained.scales,
                                                     framing_of(trained), latent_hop(trained))
                                 .curves;
    if (trial.request.empty())
      trial.training_distance = combinations.mean_distance(trial.asked, trial.active, trained.scales);
    trial.audio.assign(around[i].begin() + first, around[i].begin() + first + count);
    if (trial.request.empty() && with_pitch) trial.pitch = Swipe(trained.config.data.sample_rate).track(trial.audio);
  });
}

// A sound of the clip's length, encoded, and decoded with the request of `own`.
std::vector<float> cycled(const TrainedModel& trained, const Sound& sound, const std::vector<float>& changed,
                          const Trial& own) {
  const Sound again{sound.name, changed, sound.frames, {}, {}};
  const std::vector<float> around = decode(trained, sound, latent_around(trained, again), {own})[0];
  const auto first = around.begin() + std::ptrdiff_t(lead_frames(trained)) * latent_hop(trained);
  return {first, first + std::ptrdiff_t(changed.size())};
}

Curves own_request(const TrainedModel& trained, const Sound& sound) {
  Curves out;
  for (size_t k = 0; k < trained.scales.size(); ++k)
    out.push_back(in_silence(trained, k, sound.measured.curves[k], lead_frames(trained), tail_frames(trained)));
  return out;
}

// The sound's curves at the other window, in silence as the clip is, and repeated as its own request is.
Curves other_request(const TrainedModel& trained, const Sound& sound, int all, int frames) {
  Curves out;
  for (size_t k = 0; k < trained.scales.size(); ++k) {
    const std::vector<float>& curve = sound.other_window.curves[k];
    out.emplace_back();
    if (curve.empty()) continue;
    out.back() = inside(trained, wrapped(in_silence(trained, k, curve, lead_frames(trained), 0), all), frames);
  }
  return out;
}

// The clip's own request with its pitch curve moved by some semitones.
Trial transposed(const TrainedModel& trained, const Sound& sound, const Trial& own, int steps) {
  const size_t k = pitch_control(trained.scales);
  Trial out = own;
  out.control = Trial::kTransposed, out.steps = steps;
  std::vector<float> curve = sound.measured.curves[k];
  for (float& hz : curve) hz *= static_cast<float>(std::exp2(steps / 12.0));
  out.asked[k] = in_silence(trained, k, curve, lead_frames(trained), tail_frames(trained));
  return out;
}

bool of_pitch(const Scale& scale) { return scale.descriptor == "pitch" || scale.descriptor == "periodicity"; }

// Each gesture on each control, then curves of the pool for 1 to 4 and for all of them.
std::vector<Trial> requests_of(const TrainedModel& trained, const Sound& sound, const Trial& own, const Trial& donor) {
  const int at = lead_frames(trained);
  const size_t controls = trained.scales.size();
  const double rate = double(trained.config.data.sample_rate) / latent_hop(trained);
  std::vector<Trial> out;
  for (const char* name : gestures())
    for (size_t k = 0; k < controls; ++k)
      out.push_back(gesture(own, name, k, trained.scales, at, sound.frames, rate));
  for (size_t count = 1; count <= controls; count = count == 4 ? std::max<size_t>(controls, 5) : count + 1)
    out.push_back(pooled(own, donor, count, trained.scales, at, sound.frames, hash64(sound.name)));
  return out;
}

}  // namespace

Measured measure_at_other_window(const std::vector<float>& samples, size_t first, size_t count,
                                 const std::vector<Scale>& scales, Framing framing, int hop) {
  std::vector<float> later(samples.begin() + framing.hop / 2, samples.end());
  later.resize(samples.size());
  framing.window /= 2;
  std::vector<Scale> measured;
  for (const Scale& scale : scales)
    if (!of_pitch(scale)) measured.push_back(scale);
  Measured found = measure_curves(later, first, count, measured, framing, hop), out{{}, found.active};
  auto next = found.curves.begin();
  for (const Scale& scale : scales) out.curves.push_back(of_pitch(scale) ? std::vector<float>() : std::move(*next++));
  return out;
}

size_t pitch_control(const std::vector<Scale>& scales) {
  const auto is_pitch = [](const Scale& scale) { return scale.descriptor == "pitch"; };
  return static_cast<size_t>(std::find_if(scales.begin(), scales.end(), is_pitch) - scales.begin());
}

torch::Tensor latent_of(const TrainedModel& trained, const Sound& sound) {
  return latent_around(trained, sound).narrow(2, lead_frames(trained), sound.frames);
}

Sound make_sound(const TrainedModel& trained, const std::string& name, std::vector<float> samples) {
  if (samples.empty()) fail(name, ": holds no samples");
  const int hop = latent_hop(trained), frames = static_cast<int>((samples.size() + hop - 1) / hop);
  Sound sound{name, std::move(samples), frames, {}, {}};
  sound.measured = measure_curves(sound.samples, 0, sound.samples.size(), trained.scales, framing_of(trained), hop);
  sound.other_window =
      measure_at_other_window(sound.samples, 0, sound.samples.size(), trained.scales, framing_of(trained), hop);
  return sound;
}

Observation observe(const TrainedModel& trained, const Sound& sound, const Sound* donor,
                    const TrainingCombinations& combinations, bool curves_only) {
  const auto z = latent_around(trained, sound);
  const int lead = lead_frames(trained), all = static_cast<int>(z.size(2));
  const Trial own{Trial::kOwn, own_request(trained, sound), {}, sound.measured.active, 0, {}};
  std::vector<Trial> trials{own};
  if (donor && !own.asked.empty()) {
    std::vector<bool> active(lead, false);
    active.insert(active.end(), donor->measured.active.begin(), donor->measured.active.end());
    active = inside(trained, wrapped(active, all), sound.frames);
    Trial given{Trial::kAll, {}, {}, active, 0, {}};
    for (size_t k = 0; k < own.asked.size(); ++k)
      given.asked.push_back(wrapped(in_silence(trained, k, donor->measured.curves[k], lead, 0), all));
    given.other_asked = other_request(trained, *donor, all, sound.frames);
    const Curves other_own = other_request(trained, sound, all, sound.frames);
    trials.push_back(given);
    for (size_t k = 0; k < own.asked.size(); ++k) {
      Trial one = own;
      one.control = static_cast<int>(k), one.asked[k] = given.asked[k], one.active = both(active, own.active);
      one.other_asked = other_own, one.other_asked[k] = given.other_asked[k];
      trials.push_back(one);
    }
  }
  const auto exchanged = static_cast<std::ptrdiff_t>(trials.size());
  if (!curves_only && pitch_control(trained.scales) < trained.scales.size())
    for (const int steps : kTranspositions) trials.push_back(transposed(trained, sound, own, steps));
  const auto moved = static_cast<std::ptrdiff_t>(trials.size());
  if (!curves_only && exchanged > 1 && sound.frames >= kFewestFrames)  // not of one latent a note
    for (Trial& trial : requests_of(trained, sound, own, trials[1])) trials.push_back(std::move(trial));
  play(trained, sound, z, combinations, trials, !curves_only);
  Observation out{sound.name,
                  trained.config.data.sample_rate,
                  trained.model->graphs().hop,
                  trained.config.descriptors.window,
                  sound.samples,
                  z.narrow(2, lead, sound.frames),
                  sound.measured,
                  sound.other_window,
                  std::move(trials[0]),
                  {},
                  {}};
  const auto from = std::make_move_iterator(trials.begin());
  out.trials.assign(from + 1, from + exchanged);
  out.transposed.assign(from + exchanged, from + moved);
  out.requests.assign(from + moved, std::make_move_iterator(trials.end()));
  if (curves_only) return out;
  out.pitch = Swipe(out.sample_rate).track(out.original);
  if (trained.model->graphs().stream()) out.bands = trained.model->graphs().synthesis.in("bands").channels;
  if (!out.trials.empty()) out.cycled = cycled(trained, sound, out.trials[0].audio, own);
  return out;
}

std::vector<Trial> sweep(const TrainedModel& trained, const Sound& sound, const TrainingCombinations& combinations) {
  const Curves own = own_request(trained, sound);
  const int lead = lead_frames(trained), last = std::max(1, sound.frames - 1);
  std::vector<Trial> trials;
  for (size_t k = 0; k < own.size(); ++k) {
    trials.push_back({static_cast<int>(k), own, {}, sound.measured.active, 0, {}});
    int frame = -lead;
    for (float& value : trials.back().asked[k])
      value = trained.scales[k].physical(2.f * std::clamp(frame++, 0, last) / last - 1);
  }
  if (!trials.empty()) play(trained, sound, latent_around(trained, sound), combinations, trials);
  return trials;
}

}  // namespace nr
