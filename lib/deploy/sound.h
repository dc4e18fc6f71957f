// The recordings that a network is calibrated on and scored with, as its inputs.
#pragma once
#include "deploy/play.h"
#include "nn/checkpoint.h"

namespace nr {

struct TestSound {
  torch::Tensor audio;     // [1, 1, samples], a whole number of hops
  torch::Tensor controls;  // [1, controls, frames]; undefined without controls
  std::string source;      // "the run's test clips"
};

// A sound at the model's rate, padded to whole latent frames, with its own controls.
TestSound make_test_sound(const TrainedModel& trained, std::vector<float> samples);

// What the scales of an integer program are chosen by is not what its accuracy is measured on.
struct Sounds {
  TestSound calibration, scored;
};

// Up to `seconds` of each. From a recording: its first and its second half. Without one (file empty): clips of the
// run's training and validation splits, and of its test split; of a run that has only one of these, the first and the
// second half of that. Error when there is no sound, or too little to divide.
Sounds test_sounds(const TrainedModel& trained, const std::string& file, double seconds);

// [1, channels, frames] -> [frames][channels]
Signal to_signal(const torch::Tensor& tensor);

// The calibration set: inputs that take every wire to its extremes. The sound as it is, with each control and all
// controls at both ends, and at full scale.
Wires calibration_set(const Wires& inputs);

}  // namespace nr
