#include "evaluation/sound_card.h"

#include <algorithm>

#include "audio/clip.h"
#include "evaluation/spectral.h"
#include "report/picture.h"
#include "report/plot.h"

namespace nr {
namespace {

constexpr double kNatsShown = 80 * 0.1151;  // 80 dB
constexpr int kPictureMels = 96, kColumns = 260;
constexpr size_t kMostBytes = 4000000;  // of the points' sounds

MelSpectrogram picture_of(const std::vector<float>& samples, int rate) {
  return log_mel(samples, rate, 1024, std::max(64, int(samples.size()) / kColumns), kPictureMels);
}

}  // namespace

double brightest(const std::vector<float>& samples, int rate) {
  const MelSpectrogram mel = picture_of(samples, rate);
  return *std::max_element(mel.values.begin(), mel.values.end());
}

report::Markup sound_figure(const std::string& title, const std::vector<float>& samples, int rate, double top) {
  if (samples.empty()) return report::element("p", {{"class", "note"}}, title + ": could not be rendered");
  const MelSpectrogram mel = picture_of(samples, rate);
  report::PicturePlot plot;
  plot.title = title;
  plot.png = report::heat_png(mel.values, mel.frames, mel.mels, top - kNatsShown, top);
  plot.x = {"s", 0, double(samples.size()) / rate};
  plot.y.label = "mel";
  plot.y_ticks = {{0, ""}};
  return report::picture_plot(plot) + report::audio_player(wav_bytes(samples, rate));
}

report::Markup sound_card(const std::string& title, const std::vector<float>& samples, int rate, double top) {
  return report::element("div", {{"class", "card"}}, sound_figure(title, samples, rate, top));
}

std::vector<std::vector<unsigned char>> wavs_of_points(int64_t n, int rate,
                                                       const std::function<std::vector<float>(int64_t)>& sound) {
  std::vector<std::vector<unsigned char>> out;
  size_t bytes = 0;
  for (int64_t i = 0; i < n; ++i) {
    std::vector<unsigned char> wav = wav_bytes(sound(i), rate);
    bytes += wav.size();
    if (bytes > kMostBytes) break;
    out.push_back(std::move(wav));
  }
  return out;
}

}  // namespace nr
