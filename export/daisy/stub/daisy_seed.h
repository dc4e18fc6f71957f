// The part of libDaisy that export/daisy calls, with its signatures and no bodies: lets the firmware be compiled, not
// linked, where libDaisy is not installed.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define DTCM_MEM_SECTION __attribute__((section(".dtcmram_bss")))

namespace daisy {

struct Pin {
  uint8_t port, pin;
};
namespace seed {
constexpr Pin A0{2, 0}, A1{0, 3}, A2{1, 1}, A3{0, 7}, A4{0, 6}, A5{2, 1}, A6{2, 4}, A7{0, 5}, A8{0, 4}, A9{0, 1},
    A10{0, 0}, A11{3, 11};
}

class SaiHandle {
 public:
  struct Config {
    enum class SampleRate { SAI_8KHZ, SAI_16KHZ, SAI_32KHZ, SAI_48KHZ, SAI_96KHZ };
  };
};

class AudioHandle {
 public:
  typedef const float* const* InputBuffer;
  typedef float** OutputBuffer;
  typedef void (*AudioCallback)(InputBuffer in, OutputBuffer out, size_t size);
};

struct AdcChannelConfig {
  void InitSingle(Pin pin);
};
class AdcHandle {
 public:
  void Init(AdcChannelConfig* channels, size_t count);
  void Start();
  float GetFloat(uint8_t channel) const;
};

class DaisySeed {
 public:
  void Init(bool boost = false);
  void SetAudioBlockSize(size_t size);
  void SetAudioSampleRate(SaiHandle::Config::SampleRate rate);
  void StartAudio(AudioHandle::AudioCallback callback);
  float AudioSampleRate();
  void SetLed(bool on);
  AdcHandle adc;
};

class CpuLoadMeter {
 public:
  void Init(float sample_rate, int block_size);
  void OnBlockStart();
  void OnBlockEnd();
  float GetAvgCpuLoad() const;
};

}  // namespace daisy
