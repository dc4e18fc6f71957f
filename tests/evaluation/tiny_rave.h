// An untrained RAVE of at most three controls (rms, centroid, pitch), and a sound for it.
#pragma once
#include <torch/torch.h>

#include <cmath>
#include <string>
#include <vector>

#include "evaluation/observe.h"

namespace nr {

inline TrainedModel tiny(int controls) {
  RaveConfig config;
  config.bands = 4, config.capacity = 4, config.ratios = {4, 4, 2}, config.latent_size = 3;
  torch::manual_seed(1);
  TrainedModel out;
  out.model = std::make_shared<Autoencoder>(config, controls);
  out.model->eval();
  out.config.data.sample_rate = 16000;
  out.config.descriptors.hop = 128;
  const std::vector<std::string> names{"rms", "centroid", "pitch"};
  for (int k = 0; k < controls; ++k) {
    out.config.descriptors.controls.push_back(names[k]);
    Scale scale;
    scale.descriptor = names[k], scale.low = k == 0 ? -60 : k == 1 ? 7 : 5, scale.high = k == 0 ? 0 : k == 1 ? 12 : 11;
    out.scales.push_back(scale);
  }
  return out;
}

inline std::vector<float> chirp(int size, double from_hz, double to_hz) {
  std::vector<float> out(size);
  double phase = 0;
  for (int i = 0; i < size; ++i) {
    phase += 2 * M_PI * (from_hz + (to_hz - from_hz) * i / size) / 16000;
    out[i] = static_cast<float>(0.3 * (0.4 + 0.6 * i / size) * std::sin(phase));
  }
  return out;
}

}  // namespace nr
