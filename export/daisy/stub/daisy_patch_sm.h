// As daisy_seed.h, for the Patch Submodule.
#pragma once
#include "daisy_seed.h"

namespace daisy {
namespace patch_sm {

enum { CV_1 = 0, CV_2, CV_3, CV_4, CV_5, CV_6, CV_7, CV_8, ADC_9, ADC_10, ADC_11, ADC_12, ADC_LAST };

class DaisyPatchSM {
 public:
  void Init();
  void SetAudioBlockSize(size_t size);
  void SetAudioSampleRate(SaiHandle::Config::SampleRate rate);
  void StartAudio(AudioHandle::AudioCallback callback);
  float AudioSampleRate();
  void ProcessAllControls();
  float GetAdcValue(int channel);
  void SetLed(bool on);
  QSPIHandle qspi;
  GateIn gate_in_1;
  static constexpr Pin B7{PORTB, 8}, D2{PORTC, 11}, D3{PORTC, 10};
};

}  // namespace patch_sm
}  // namespace daisy
