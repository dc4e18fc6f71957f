#include "models/note_cost.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nr {
namespace {

constexpr double kCyclesPerMac = 0.8, kClock = 480e6;  // Hz
constexpr double kQspi = 7936.0 * 1024, kSdram = 64.0 * (1 << 20);
constexpr int kAlong = 7;  // frames that a block of vocos sees

struct Count {
  NoteCost cost;

  // A layer with `weights` in `filters` filters, each computed at `places` places; norm: numbers a filter of its own
  // norm.
  void layer(int64_t weights, int64_t filters, double places, int64_t norm = 0) {
    cost.parameters += weights + filters * (1 + norm), cost.macs += double(weights) * places;
  }
  void holds(int64_t in, int64_t out) { cost.activations = std::max(cost.activations, in + out); }
  void condition(int64_t size, int64_t filters) { layer(2 * size * filters, 2 * filters, 1); }
};

struct Image {
  int64_t channels = 1, bands, frames;
  int64_t size() const { return channels * bands * frames; }
};

Image strided(const WaeConfig& c, Count* count) {
  Image image{1, c.mels, c.frames};
  for (int l = 0; l < c.layers; ++l) {
    const Image next{int64_t(c.channels) << l, (image.bands + 1) / 2, (image.frames + 1) / 2};
    if (count) {
      count->layer(image.channels * next.channels * c.kernel * c.kernel, next.channels,
                   double(next.bands) * double(next.frames), 2);
      count->holds(image.size(), next.size());
    }
    image = next;
  }
  return image;
}

double seconds_of(const SpectrogramConfig& c, int sample_rate) { return double(c.frames) * c.step / sample_rate; }

}  // namespace

NoteCost encoder_cost(const WaeConfig& c, int sample_rate) {
  Count count;
  int64_t in = strided(c, &count).size();
  for (const int64_t width : c.widths) {
    count.layer(in * width, width, 1, 2), count.holds(in, width);
    in = width;
  }
  for (int head = 0; head < (c.latent == "gaussian" ? 2 : 1); ++head) count.layer(in * c.latent_size, c.latent_size, 1);
  count.cost.seconds = seconds_of(c, sample_rate);
  return count.cost;
}

NoteCost decoder_cost(const WaeConfig& c, int64_t classes, int sample_rate) {
  Count count;
  int64_t condition = classes;
  for (const int64_t width : classes ? c.condition_widths : std::vector<int>{}) {
    count.layer(condition * width, width, 1);
    condition = width;
  }
  Image image = strided(c, nullptr);
  std::vector<int64_t> widths(c.widths.rbegin(), c.widths.rend());
  widths.push_back(image.size());
  int64_t in = c.latent_size;
  for (const int64_t width : widths) {
    const bool film = classes && c.film;
    count.layer(in * width, width, 1, film ? 0 : 2), count.holds(in, width);
    if (film) count.condition(condition, width);
    in = width;
  }
  const size_t last = c.decoder_kernels.size() - 1;
  for (size_t i = 0; i <= last; ++i) {
    const bool whole = i + 1 >= last;
    const Image next{i == last  ? 1
                     : whole    ? std::max<int64_t>(4, image.channels / 8)
                                : std::max<int64_t>(1, image.channels / 2),
                     whole ? c.mels : std::min<int64_t>(3 * image.bands, c.mels),
                     whole ? c.frames : std::min<int64_t>(3 * image.frames, c.frames)};
    const bool conditional = classes && c.conditional_norm;
    count.layer(image.channels * next.channels * c.decoder_kernels[i] * c.decoder_kernels[i], next.channels,
                double(next.bands) * double(next.frames), i == last || conditional ? 0 : 2);
    if (i < last && conditional) count.condition(condition, next.channels);
    count.holds(image.channels * next.bands * next.frames, next.size());
    image = next;
  }
  count.cost.seconds = seconds_of(c, sample_rate);
  return count.cost;
}

NoteCost vocoder_cost(const VocoderConfig& c, int sample_rate) {
  Count count;
  const double frames = c.frames;
  if (c.network == "mcnn") {
    int64_t in = c.mels;
    double places = frames;
    for (int l = 0; (1 << l) < c.step; ++l) {
      const bool last = (2 << l) >= c.step;
      const int64_t out = last ? 1 : std::max<int64_t>(1, int64_t(c.channels) >> l);
      count.layer(c.heads * in * out * c.kernel, c.heads * out, places);  // each input meets the whole kernel
      count.holds(int64_t(double(in) * places), int64_t(2 * double(out) * places));
      in = out, places *= 2;
    }
    count.cost.parameters += c.heads + 2;  // of heads and of the last function
  } else {
    const int64_t width = c.width;
    count.layer(c.mels * width * kAlong, width, frames, 2);
    for (int b = 0; b < c.blocks; ++b) {
      count.layer(width * kAlong, width, frames, 3);
      count.layer(3 * width * width, 3 * width, frames);
      count.layer(3 * width * width, width, frames);
    }
    count.cost.parameters += 2 * width;
    count.layer(width * (c.window + 2), c.window + 2, frames);
    count.cost.macs += frames * c.window * std::log2(c.window);
    count.holds(int64_t(double(width) * frames), int64_t((c.window + 2) * frames));
  }
  count.cost.seconds = seconds_of(c, sample_rate);
  return count.cost;
}

double griffin_lim_macs(const WaeConfig& c) {
  return 2.0 * c.griffin_lim * c.frames * c.window * std::log2(c.window);
}

std::string on_a_daisy(const std::string& what, const NoteCost& cost) {
  const auto bytes = double(cost.parameters);
  const char* fits = bytes <= kQspi   ? "fit its QSPI flash (7.75 MB)"
                     : bytes <= kSdram ? "fit its SDRAM (64 MB), but not its QSPI flash (7.75 MB)"
                                       : "fit neither its QSPI flash (7.75 MB) nor its SDRAM (64 MB)";
  char out[400];
  std::snprintf(out, sizeof out,
                "%s, a note of %.2f s: %.1f million MACs, on a Daisy %.2f s (%.1f cycles a MAC, %.0f MHz); %.2f MB of "
                "weights in 8 bits %s, activations of 16 bits take %.2f MB",
                what.c_str(), cost.seconds, cost.macs / 1e6, cost.macs * kCyclesPerMac / kClock, kCyclesPerMac,
                kClock / 1e6, bytes / (1 << 20), fits, 2.0 * double(cost.activations) / (1 << 20));
  return out;
}

}  // namespace nr
