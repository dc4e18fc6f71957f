// Daisy Seed. Inputs: pins A0, A1, ..., 0 ... 3.3 V. Gate: D8, low while the gate is high. Button: D7 to ground. MIDI:
// in D14, out D13.
#pragma once
#include "daisy_seed.h"
#include "midi.h"
#include "pitch_cv.h"

namespace nr {

class Hardware {
 public:
  // Readings are 0 ... 1 for 0 ... 3.3 V behind a divider of 100 kOhm from the jack and 180 kOhm to ground.
  static constexpr Calibration kNominal{3.3f * 280 / 180, 0};

  void init(int inputs, bool gate) {
    seed_.Init(true);  // 480 MHz; libDaisy's default is 400
    using namespace daisy::seed;
    button_.Init(D7);
    if (gate) gate_.Init(D8);
    const daisy::Pin pins[] = {A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11};
    daisy::AdcChannelConfig channels[12];
    for (int i = 0; i < inputs; ++i) channels[i].InitSingle(pins[i]);
    if (inputs == 0) return;
    seed_.adc.Init(channels, inputs);
    seed_.adc.Start();
  }
  void init_midi() {
    midi_.init(daisy::UartHandler::Config::Peripheral::USART_1, daisy::seed::D14, daisy::seed::D13);
  }
  float reading(int input) { return seed_.adc.GetFloat(uint8_t(input)); }
  float knob(int input) { return reading(input); }
  bool gate() { return gate_.State(); }
  bool button() { return button_.RawState(); }
  void poll() {}
  MidiIn& midi() { return midi_; }
  daisy::DaisySeed& board() { return seed_; }

 private:
  daisy::DaisySeed seed_;
  daisy::Switch button_;
  daisy::GateIn gate_;
  MidiIn midi_;
};

}  // namespace nr
