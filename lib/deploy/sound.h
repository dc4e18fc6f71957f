// What a network is calibrated on and tested with: real sound, as its inputs.
#pragma once
#include "deploy/play.h"
#include "nn/checkpoint.h"

namespace nr {

struct TestSound {
  torch::Tensor audio;     // [1, 1, samples], a whole number of hops
  torch::Tensor controls;  // [1, controls, frames]; undefined without controls
};

// A sound at the model's rate, padded to whole latent frames, its knobs where it has them.
TestSound make_test_sound(const TrainedModel& trained, std::vector<float> samples);

// Up to `seconds` of a recording, or (file empty) of the run's test clips. Error when there is neither.
TestSound test_sound(const TrainedModel& trained, const std::string& file, double seconds);

// [1, channels, frames] -> [frames][channels]
Signal to_signal(const torch::Tensor& tensor);

// Inputs that take every wire to its extremes: the sound as it is, at full scale, and with each knob and all knobs at both ends.
Wires exercise(const Wires& inputs);

}  // namespace nr
