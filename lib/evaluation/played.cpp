#include "evaluation/played.h"

#include <algorithm>

#include "audio/clip.h"
#include "base/files.h"
#include "midi/performance.h"

namespace nr {
namespace {

struct Score {
  std::vector<MidiEvent> events;  // in order of time
  double seconds = 0;             // until silence
};

// Notes and voices give these controls; the others rest.
bool is_played(const Scale& scale) {
  return scale.descriptor == "pitch" || scale.descriptor == "periodicity" || scale.descriptor == "rms";
}

Score notes(const std::vector<int>& keys, double seconds_each, double overlap) {
  Score out;
  for (const int key : keys) {
    out.events.push_back({out.seconds, MidiEvent::Kind::kNoteOn, 0, key, 100});
    out.seconds += seconds_each;
    out.events.push_back({out.seconds + overlap, MidiEvent::Kind::kNoteOff, 0, key, 0});
  }
  out.seconds += 0.6;
  std::stable_sort(out.events.begin(), out.events.end(),
                   [](const MidiEvent& a, const MidiEvent& b) { return a.seconds < b.seconds; });
  return out;
}

// next(controls): of each frame in turn -> [controls][frames] in [-1, 1]. Controls that notes do not move are at
// `rest`.
template <class Next>
torch::Tensor collect(const std::vector<Scale>& scales, const std::vector<float>& rest, int64_t frames, Next next) {
  torch::Tensor out = torch::empty({static_cast<int64_t>(scales.size()), frames});
  std::vector<float> controls(scales.size());
  for (int64_t frame = 0; frame < frames; ++frame) {
    next(controls.data());
    for (size_t k = 0; k < scales.size(); ++k)
      out[static_cast<int64_t>(k)][frame] = is_played(scales[k]) ? controls[k] : rest[k];
  }
  return out;
}

torch::Tensor perform(const Score& score, const std::vector<Scale>& scales, const VoiceConfig& config,
                      const std::vector<float>& rest, double frame_seconds) {
  Voice voice(scales, config, frame_seconds);
  size_t event = 0;
  int64_t frame = 0;
  return collect(scales, rest, static_cast<int64_t>(score.seconds / frame_seconds), [&](float* controls) {
    for (; event < score.events.size() && score.events[event].seconds < (frame + 0.5) * frame_seconds; ++event)
      voice.take(score.events[event]);
    ++frame;
    voice.next(controls);
  });
}

torch::Tensor follow(const Sound& voice, const std::vector<Scale>& scales, const std::vector<float>& rest) {
  int64_t frame = 0;
  return collect(scales, rest, voice.frames, [&](float* controls) {
    for (size_t k = 0; k < scales.size(); ++k) controls[k] = scales[k].normalise(voice.measured.curves[k][frame]);
    ++frame;
  });
}

}  // namespace

std::vector<Rendition> play_notes(const TrainedModel& trained, const Sound& timbre, const std::string& midi,
                                  const std::string& voice) {
  const torch::NoGradGuard no_grad;
  const std::vector<Scale>& scales = trained.scales;
  if (pitch_control(scales) == scales.size()) return {};
  const int rate = trained.config.data.sample_rate, hop = trained.model->graphs().hop;
  std::vector<float> rest(scales.size(), 0);
  int sounding = 0;
  for (size_t frame = 0; frame < timbre.measured.active.size(); ++frame) {
    if (!timbre.measured.active[frame]) continue;
    ++sounding;
    for (size_t k = 0; k < scales.size(); ++k) rest[k] += scales[k].normalise(timbre.measured.curves[k][frame]);
  }
  for (float& x : rest) x /= static_cast<float>(std::max(1, sounding));
  const torch::Tensor latent = latent_of(trained, timbre).mean(2, true);
  const auto play = [&](const torch::Tensor& controls) {
    const torch::Tensor curves = controls.unsqueeze(0).to(latent.device());
    const torch::Tensor audio =
        trained.model->play(latent.expand({-1, -1, controls.size(1)}).contiguous(), curves).flatten().to(torch::kCPU);
    const int64_t from = std::min<int64_t>(std::max(0, trained.model->graphs().delay), audio.size(0));
    const float* data = audio.data_ptr<float>();
    return std::vector<float>(data + from, data + audio.size(0));
  };
  const double frame_seconds = static_cast<double>(hop) / rate;
  VoiceConfig plain, gliding;
  gliding.glide = 0.4;
  const Score scale = notes({60, 62, 64, 65, 67, 69, 71, 72}, 0.4, -0.05),
              glide = notes({48, 60, 72, 60}, 0.8, 0.1);
  std::vector<Rendition> out{
      {"A scale", "C major from C4, a note every 0.4 s.", play(perform(scale, scales, plain, rest, frame_seconds))},
      {"A glide", "C3, C4, C5, C4, with a glide of 0.4 s.",
       play(perform(glide, scales, gliding, rest, frame_seconds))}};
  if (!midi.empty()) {
    constexpr double kLongest = 60;  // seconds
    Performance performance(MidiFile(read_file(midi, kLargestMidi), midi), 0, scales, plain, frame_seconds);
    const int64_t frames = std::min(performance.frames(), static_cast<int64_t>(kLongest / frame_seconds));
    out.push_back({"A phrase", midi, play(collect(scales, rest, frames, [&](float* c) { performance.next(c); }))});
  }
  if (voice.empty()) return out;
  constexpr double kLongest = 10;  // seconds
  const Sound heard = make_sound(trained, voice, read_clip(voice, rate, kLongest).samples);
  out.push_back({"A voice", voice, heard.samples});
  out.push_back({"The voice plays", "Its pitch, periodicity and level drive the model.",
                 play(follow(heard, scales, rest))});
  return out;
}

}  // namespace nr
