#include "training/show.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "base/error.h"
#include "losses/stft.h"
#include "nn/floats.h"
#include "report/picture.h"

namespace nr {
namespace {

constexpr int64_t kMost = 4;     // clips
constexpr int kWindow = 1024;    // samples of a spectrogram's frame
constexpr double kRange = 80;    // decibels below a spectrogram's loudest

// levels: [frames, bins]
void show_image(report::EventFile& events, int64_t step, const std::string& name, const torch::Tensor& levels,
                double low, double high) {
  const int frames = int(levels.size(0)), bins = int(levels.size(1));
  const auto png = report::heat_png(floats_of(levels), frames, bins, low, std::max(high, low + 1e-6));
  events.image(step, name, png, frames, bins);
}

// audio: [samples]
void show_sound(report::EventFile& events, int64_t step, const std::string& name, const torch::Tensor& audio,
                int sample_rate) {
  const std::vector<float> samples = floats_of(audio);
  events.sound(step, name, wav_bytes(samples, sample_rate), int64_t(samples.size()), sample_rate);
  if (audio.size(0) <= kWindow / 2) return;
  const auto decibels = 20 * torch::log10(magnitude(audio.unsqueeze(0), kWindow)[0] + 1e-6);
  const double high = decibels.max().item<double>();
  show_image(events, step, name, decibels, high - kRange, high);
}

// One of a value's examples.
void show_example(report::EventFile& events, int64_t step, const std::string& name, const torch::Tensor& example,
                  bool sound, int sample_rate) {
  if (sound) return show_sound(events, step, name, example.flatten(), sample_rate);
  const auto levels = example.flatten(0, -2).t();  // of [..., mels, frames]
  show_image(events, step, name, levels, levels.min().item<double>(), levels.max().item<double>());
}

}  // namespace

const std::vector<std::string>& shown_values() {
  static const std::vector<std::string> names{"target.audio", "decoded.audio", "target.mel", "decoded.mel",
                                              "posterior.mean"};
  return names;
}

bool is_shown(int64_t validation) {
  const auto tenths = [](int64_t n) { return n < 1 ? -1.0 : std::floor(std::log(double(n)) / std::log(1.1)); };
  return tenths(validation) > tenths(validation - 1);
}

void show(report::EventFile& events, int64_t step, const std::map<std::string, torch::Tensor>& values,
          int sample_rate) {
  for (const auto& [name, value] : values) {
    if (name == "posterior.mean") {
      events.histogram(step, "latent/mean", floats_of(value));
      continue;
    }
    const bool sound = name.substr(name.find('.') + 1) == "audio";
    for (int64_t i = 0; i < std::min(kMost, value.size(0)); ++i)
      show_example(events, step, text("clip", i, "/", name), value[i], sound, sample_rate);
  }
}

}  // namespace nr
