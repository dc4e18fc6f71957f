// Daisy Seed: knobs between 3V3 and ground on pins A0, A1, ... in the order of the model's controls.
#pragma once
#include "daisy_seed.h"

namespace nr {

class Hardware {
 public:
  void init(int knobs) {
    seed_.Init(true);  // 480 MHz; libDaisy's default is 400
    using namespace daisy::seed;
    const daisy::Pin pins[] = {A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11};
    daisy::AdcChannelConfig channels[12];
    for (int i = 0; i < knobs; ++i) channels[i].InitSingle(pins[i]);
    if (knobs == 0) return;
    seed_.adc.Init(channels, knobs);
    seed_.adc.Start();
  }
  float knob(int i) { return seed_.adc.GetFloat(uint8_t(i)); }  // 0 ... 1
  void poll() {}
  daisy::DaisySeed& board() { return seed_; }

 private:
  daisy::DaisySeed seed_;
};

}  // namespace nr
