// MIDI from a serial port to the voice. libDaisy's queue of messages takes 39 KB and so lies in SDRAM, which is there
// only after the board's Init: it is constructed in init(). Include libDaisy before.
#pragma once
#include "midi_voice.h"

namespace nr {

alignas(daisy::MidiUartHandler) static uint8_t DSY_SDRAM_BSS midi_memory[sizeof(daisy::MidiUartHandler)];

class MidiIn {
 public:
  void init(daisy::UartHandler::Config::Peripheral port, daisy::Pin rx, daisy::Pin tx) {
    midi_ = new (midi_memory) daisy::MidiUartHandler;
    daisy::MidiUartHandler::Config config;
    config.transport_config.periph = port;
    config.transport_config.rx = rx;
    config.transport_config.tx = tx;
    midi_->Init(config);
    midi_->StartReceive();
  }

  // What has come in since the last call. channel: 1 ... 16; 0: all.
  void poll(int channel, MidiVoice& voice) {
    midi_->Listen();  // starts again after an error of the port
    while (midi_->HasEvents()) {
      daisy::MidiEvent event = midi_->PopEvent();
      if (channel != 0 && event.channel != channel - 1) continue;
      switch (event.type) {
        case daisy::NoteOn:
          voice.note_on(event.data[0], event.data[1]);
          break;
        case daisy::NoteOff:
          voice.note_off(event.data[0]);
          break;
        case daisy::ControlChange:
        case daisy::ChannelMode:  // controllers from 120 on
          voice.control_change(event.data[0], event.data[1]);
          break;
        case daisy::PitchBend:
          voice.bend(event.AsPitchBend().value);
          break;
        default:
          break;
      }
    }
  }

 private:
  daisy::MidiUartHandler* midi_ = nullptr;
};

}  // namespace nr
