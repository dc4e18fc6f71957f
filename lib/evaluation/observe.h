// One test clip through one model: its reconstruction, and what comes out when its descriptors are exchanged. Everything the metrics and
// the report's examples are made of.
#pragma once
#include <string>
#include <vector>

#include "evaluation/curves.h"
#include "evaluation/reach.h"
#include "nn/checkpoint.h"

namespace nr {

// A clip and its measured controls. frames * hop covers the samples.
struct Sound {
  std::string name;
  std::vector<float> samples;
  int frames = 0;
  Measured measured;
};

// One decoding of the clip's own latent under curves that were asked for.
struct Trial {
  static constexpr int kAll = -1, kOwn = -2;
  int control = kAll;  // the only one that differs from the clip's own; kOwn: none, the reconstruction
  Curves asked, measured;
  std::vector<bool> active;  // frames of the headline: the asked sound, and for one control the source as well, are heard
  double reach = 0;          // of the asked combinations: Reach::mean_distance
  std::vector<float> audio;  // as long as the clip, in time with it
};

struct Observation {
  std::string clip;
  int sample_rate = 0;
  std::vector<float> original;
  torch::Tensor latent;       // latent_of the original
  Measured source;            // of the original
  Trial own;                  // the reconstruction; without curves for a model without controls
  std::vector<Trial> trials;  // all exchanged, then each alone; empty for a model without controls
  std::vector<double> told;   // of each control by the latent, Probe::told; empty for a model without
};

Sound make_sound(const TrainedModel& trained, const std::string& name, std::vector<float> samples);

// Posterior mean of the clip, silence around it: [1, latent_size, sound.frames].
torch::Tensor latent_of(const TrainedModel& trained, const Sound& sound);

// Posterior mean, evaluation mode; the output is brought back in time with the input. The clip stands in silence, and so does the donor,
// whose sound begins again where it ends before the clip; what is decoded is measured with what it goes on to. Without a donor no controls
// are exchanged. Error when the model's output is not finite.
Observation observe(const TrainedModel& trained, const Sound& sound, const Sound* donor, const Reach& reach);

// Each control alone swept from its low to its high end across the clip, the others as they are.
std::vector<Trial> sweep(const TrainedModel& trained, const Sound& sound, const Reach& reach);

}  // namespace nr
