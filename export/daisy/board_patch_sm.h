// Patch Submodule. Inputs: CV_1 ... CV_8, then ADC_9 ... ADC_12. Gate: B10. Button: B7 to ground. MIDI: in D2, out D3.
#pragma once
#include "daisy_patch_sm.h"
#include "midi.h"
#include "pitch_cv.h"

namespace nr {

class Hardware {
 public:
  static constexpr Calibration kNominal{5, 0};  // readings are -1 ... 1 for -5 ... 5 V

  void init(int, bool) {
    patch_.Init();  // runs at 480 MHz by itself
    button_.Init(daisy::patch_sm::DaisyPatchSM::B7);
  }
  void init_midi() {
    using Patch = daisy::patch_sm::DaisyPatchSM;
    midi_.init(daisy::UartHandler::Config::Peripheral::USART_3, Patch::D2, Patch::D3);
  }
  float reading(int input) { return patch_.GetAdcValue(daisy::patch_sm::CV_1 + input); }
  float knob(int input) {  // a negative voltage counts as 0
    const float v = reading(input);
    return v < 0.0f ? 0.0f : v;
  }
  bool gate() { return patch_.gate_in_1.State(); }
  bool button() { return button_.RawState(); }
  void poll() { patch_.ProcessAllControls(); }
  MidiIn& midi() { return midi_; }
  daisy::patch_sm::DaisyPatchSM& board() { return patch_; }

 private:
  daisy::patch_sm::DaisyPatchSM patch_;
  daisy::Switch button_;
  MidiIn midi_;
};

}  // namespace nr
