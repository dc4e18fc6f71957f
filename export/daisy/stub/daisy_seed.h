// The part of libDaisy that export/daisy calls, with its signatures and no bodies: lets the firmware be compiled, not
// linked, where libDaisy is not installed.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define DTCM_MEM_SECTION __attribute__((section(".dtcmram_bss")))
#define DSY_SDRAM_BSS __attribute__((section(".sdram_bss")))

// libDaisy brings <new>; the cross compiler may have no C++ library.
#if __has_include(<new>)
#include <new>
#else
inline void* operator new(size_t, void* at) noexcept { return at; }
#endif

namespace daisy {

enum GPIOPort { PORTA, PORTB, PORTC, PORTD, PORTE, PORTF, PORTG };
struct Pin {
  GPIOPort port;
  uint8_t pin;
  constexpr Pin(const GPIOPort p, const uint8_t n) : port(p), pin(n) {}
};
namespace seed {
constexpr Pin D7{PORTG, 10}, D8{PORTG, 11}, D13{PORTB, 6}, D14{PORTB, 7};
constexpr Pin A0{PORTC, 0}, A1{PORTA, 3}, A2{PORTB, 1}, A3{PORTA, 7}, A4{PORTA, 6}, A5{PORTC, 1}, A6{PORTC, 4},
    A7{PORTA, 5}, A8{PORTA, 4}, A9{PORTA, 1}, A10{PORTA, 0}, A11{PORTA, 2};
}  // namespace seed

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

class GateIn {
 public:
  void Init(Pin pin, bool invert = true);
  bool State();
};
class Switch {
 public:
  void Init(Pin pin, float update_rate = 0.f);
  bool RawState();
};

class QSPIHandle {};
template <typename SettingStruct>
class PersistentStorage {
 public:
  PersistentStorage(QSPIHandle& qspi) : qspi_(qspi) {}
  void Init(const SettingStruct& defaults, uint32_t address_offset = 0);
  SettingStruct& GetSettings() { return settings_; }
  void Save();

 private:
  QSPIHandle& qspi_;
  SettingStruct settings_;
};

class UartHandler {
 public:
  struct Config {
    enum class Peripheral { USART_1, USART_2, USART_3, UART_4, UART_5, USART_6, UART_7, UART_8, LPUART_1 };
  };
};
enum MidiMessageType {
  NoteOff,
  NoteOn,
  PolyphonicKeyPressure,
  ControlChange,
  ProgramChange,
  ChannelPressure,
  PitchBend,
  SystemCommon,
  SystemRealTime,
  ChannelMode,
  MessageLast
};
struct PitchBendEvent {
  int channel;
  int16_t value;
};
struct MidiEvent {
  MidiMessageType type;
  int channel;
  uint8_t data[2];
  PitchBendEvent AsPitchBend();
};
class MidiUartTransport {
 public:
  struct Config {
    UartHandler::Config::Peripheral periph;
    Pin rx, tx;
    Config();
  };
};
template <typename Transport>
class MidiHandler {
 public:
  struct Config {
    typename Transport::Config transport_config;
  };
  MidiHandler() {}
  void Init(Config config);
  void StartReceive();
  void Listen();
  bool HasEvents() const;
  MidiEvent PopEvent();
};
using MidiUartHandler = MidiHandler<MidiUartTransport>;

class DaisySeed {
 public:
  void Init(bool boost = false);
  void SetAudioBlockSize(size_t size);
  void SetAudioSampleRate(SaiHandle::Config::SampleRate rate);
  void StartAudio(AudioHandle::AudioCallback callback);
  float AudioSampleRate();
  void SetLed(bool on);
  AdcHandle adc;
  QSPIHandle qspi;
};

class CpuLoadMeter {
 public:
  void Init(float sample_rate, int block_size);
  void OnBlockStart();
  void OnBlockEnd();
  float GetAvgCpuLoad() const;
};

}  // namespace daisy
