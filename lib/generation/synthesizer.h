// A decoder, or a whole model, ready to be streamed: of a run, lowered to floats, or of a program file, in its own
// precision. Torch-free.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/checks.h"
#include "descriptors/scale.h"
#include "export/runtime/program.h"

namespace nr {

// Draws latents for controls, frame by frame. Given the newest frame's controls -> an earlier frame: its controls, then
// its latents; nullptr until there is one. Valid until the next call.
using Draw = std::function<const float*(const float* controls)>;

struct Synthesizer {
  const nr_program* program = nullptr;
  int sample_rate = 0;                  // Hz
  std::vector<Scale> scales{};          // one a control, in order
  std::vector<float> latent{};          // [frames][channels], physical: what is played forth and back
  Draw draw{};                          // of a prior, instead of `latent`
  std::shared_ptr<const void> owner{};  // of the program
};

struct PlayedLatent {
  std::string latent = "mean";
  double temperature = 1;
  int64_t seed = 1;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("latent", latent, Any{},
      "mean: the middle of the run's latents; or a recording whose latents are played forth and back");
    v("temperature", temperature, at_least(0), "of a prior's draws. 1: as learned; less: safer; 0: the likeliest");
    v("seed", seed, Any{}, "of a prior's draws");
  }
};

// run: a run folder, a checkpoint, or a program file (.nrp). A prior plays its model, with latents that it draws for
// the controls. Else latents are the run's mean, or those of a recording, at most 60 seconds of it, encoded by the run.
// A program file knows no mean: it is that of its own test, and it has no encoder. Error when it cannot be read, or
// does not make audio of a latent and controls.
Synthesizer open_synthesizer(const std::string& run, const PlayedLatent& config);
// The whole model, which hears audio: of a run or checkpoint, or a program file of it (--part whole). Error as above.
Synthesizer open_effect(const std::string& run);

}  // namespace nr
