#include "models/mel_vae.h"

#include "base/error.h"
#include "base/hash.h"
#include "config/writer.h"

namespace nr {
namespace {

// Adds up layers and their norms. `places`: how many outputs a filter computes for one spectrogram.
struct Count {
  Measure m;
  double samples;  // a latent

  explicit Count(const MelVaeConfig& c) : samples(hop(c)) { m.hop = m.receptive_field = hop(c); }
  void layer(int64_t weights, int64_t outputs, bool norm, double places) {
    m.parameters += weights + outputs * (norm ? 3 : 1);
    m.training_parameters = m.parameters;
    m.macs_per_sample += double(weights) * places / samples;
  }
  void image(const MelVaeConfig& c) {
    for (int i = 0; i < c.layers; ++i) {
      const int64_t in = i ? c.channels : 1, out = i + 1 < c.layers ? c.channels : 1;
      layer(in * out * c.kernel * c.kernel, out, i + 1 < c.layers, double(c.mels) * c.frames);
    }
  }
  int64_t dense(int64_t in, const std::vector<int>& widths) {
    for (const int64_t out : widths) layer(in * out, out, true, 1), in = out;
    return in;
  }
};

}  // namespace

int hop(const MelVaeConfig& c) {
  const double samples = double(c.frames) * c.step;
  if (samples > kLongestNote)
    fail("model.frames: ", c.frames, " frames times a step of ", c.step, " make a hop of ", samples,
         " samples, expected at most ", kLongestNote);
  return int(samples);
}

uint64_t hash(const MelVaeConfig& config, int controls) {
  MelVaeConfig networks = config;
  networks.griffin_lim = 1, networks.dropout = 0;  // no weight depends on them
  return hash64(text(MelVaeConfig::kType, " ", controls, "\n", config::dump(networks)));
}

Measure measure_encoder(const MelVaeConfig& c) {
  Count count(c);
  count.image(c);
  const int64_t last = count.dense(int64_t(c.mels) * c.frames, c.encoder_widths), heads = statistics(c.latent);
  count.layer(last * c.latent_size * heads, c.latent_size * heads, false, 1);
  return count.m;
}

Measure measure(const MelVaeConfig& c, int controls) {
  Measure m = measure_encoder(c);
  const Measure decoder = measure_decoder(c, controls);
  m.parameters += decoder.parameters, m.training_parameters += decoder.training_parameters;
  m.macs_per_sample += decoder.macs_per_sample;
  return m;
}

Measure measure_decoder(const MelVaeConfig& c, int controls) {
  Count count(c);
  std::vector<int> widths = c.decoder_widths;
  widths.push_back(c.mels * c.frames);
  count.dense(c.latent_size + controls, widths);
  count.image(c);
  return count.m;
}

}  // namespace nr
