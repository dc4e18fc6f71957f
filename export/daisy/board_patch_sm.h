// Patch Submodule: CV_1 ... CV_8, then ADC_9 ... ADC_12, in the order of the model's controls.
#pragma once
#include "daisy_patch_sm.h"

namespace nr {

class Hardware {
 public:
  void init(int) { patch_.Init(); }  // runs at 480 MHz by itself
  float knob(int i) {                // CV inputs are bipolar: -1 ... 1; a negative voltage counts as 0
    const float v = patch_.GetAdcValue(daisy::patch_sm::CV_1 + i);
    return v < 0.0f ? 0.0f : v;
  }
  void poll() { patch_.ProcessAllControls(); }
  daisy::patch_sm::DaisyPatchSM& board() { return patch_; }

 private:
  daisy::patch_sm::DaisyPatchSM patch_;
};

}  // namespace nr
