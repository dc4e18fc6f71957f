// What the stub of libDaisy only declares, played from a script: the firmware runs on a desktop. Standard input has a
// line a tick: twelve readings, gate and button as 0 or 1, the Hz of a tone at the audio input (0: silence), and MIDI
// messages as three numbers each. A line comes out for each: the first samples that the tick played. `stored` in the
// working folder is the flash. With NR_TOY_SOUNDS all samples come out.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "daisy_patch_sm.h"
#include "pitch_cv.h"

namespace {

struct Tick {
  float readings[12] = {};
  int gate = 0, button = 0;
  double hz = 0;
} now;
std::deque<daisy::MidiEvent> messages;
daisy::AudioHandle::AudioCallback callback = nullptr;
double rate = 16000, phase = 0;
constexpr int kTick = 512, kBlock = 32;
#ifdef NR_TOY_SOUNDS
constexpr int kShown = kTick;
#else
constexpr int kShown = 4;
#endif

void next() {
  std::string line;
  if (!std::getline(std::cin, line)) std::exit(0);
  std::istringstream in(line);
  std::string word;  // streams read no nan
  for (float& reading : now.readings) in >> word, reading = std::strtof(word.c_str(), nullptr);
  in >> now.gate >> now.button >> now.hz;
  for (int status, first, second; in >> status >> first >> second;) {
    daisy::MidiEvent event{};
    event.type = daisy::MidiMessageType((status >> 4) & 7), event.channel = status & 15;
    event.data[0] = uint8_t(first), event.data[1] = uint8_t(second);
    messages.push_back(event);
  }
}

void play_a_tick() {
  for (int done = 0; done < kTick; done += kBlock) {
    float left[kBlock], right[kBlock], heard[kBlock];
    for (float& x : heard) x = now.hz > 0 ? float(0.5 * std::sin(2 * M_PI * (phase += now.hz / rate))) : 0;
    const float* in[] = {heard, heard};
    float* out[] = {left, right};
    callback(in, out, kBlock);
    for (int i = 0; i < kBlock && done + i < kShown; ++i)
      std::printf("%.6f%c", left[i], done + i + 1 < kShown ? ' ' : '\n');
  }
}

void start(daisy::AudioHandle::AudioCallback given) { callback = given, next(); }
void end_of_tick() { play_a_tick(), next(); }

}  // namespace

namespace daisy {

void AdcChannelConfig::InitSingle(Pin) {}
void AdcHandle::Init(AdcChannelConfig*, size_t) {}
void AdcHandle::Start() {}
float AdcHandle::GetFloat(uint8_t channel) const { return now.readings[channel]; }
void GateIn::Init(Pin, bool) {}
bool GateIn::State() { return now.gate; }
void Switch::Init(Pin, float) {}
bool Switch::RawState() { return now.button; }
void CpuLoadMeter::Init(float, int) {}
void CpuLoadMeter::OnBlockStart() {}
void CpuLoadMeter::OnBlockEnd() {}
float CpuLoadMeter::GetAvgCpuLoad() const { return 0; }

MidiUartTransport::Config::Config() : rx(PORTA, 0), tx(PORTA, 0) {}
template <>
void MidiHandler<MidiUartTransport>::Init(Config) {}
template <>
void MidiHandler<MidiUartTransport>::StartReceive() {}
template <>
void MidiHandler<MidiUartTransport>::Listen() {}
template <>
bool MidiHandler<MidiUartTransport>::HasEvents() const {
  return !messages.empty();
}
template <>
MidiEvent MidiHandler<MidiUartTransport>::PopEvent() {
  const MidiEvent event = messages.front();
  messages.pop_front();
  return event;
}
PitchBendEvent MidiEvent::AsPitchBend() { return {channel, int16_t((data[1] << 7) + data[0] - 8192)}; }

template <>
void PersistentStorage<nr::Calibration>::Init(const nr::Calibration& defaults, uint32_t) {
  settings_ = defaults;
  std::ifstream("stored") >> settings_.scale >> settings_.offset;
}
template <>
void PersistentStorage<nr::Calibration>::Save() {
  std::ofstream("stored") << settings_.scale << " " << settings_.offset;
}

void DaisySeed::Init(bool) {}
void DaisySeed::SetAudioBlockSize(size_t) {}
void DaisySeed::SetAudioSampleRate(SaiHandle::Config::SampleRate) {}
void DaisySeed::StartAudio(AudioHandle::AudioCallback given) { start(given); }
float DaisySeed::AudioSampleRate() { return float(rate); }
void DaisySeed::SetLed(bool) { end_of_tick(); }

namespace patch_sm {
void DaisyPatchSM::Init() {}
void DaisyPatchSM::SetAudioBlockSize(size_t) {}
void DaisyPatchSM::SetAudioSampleRate(SaiHandle::Config::SampleRate) {}
void DaisyPatchSM::StartAudio(AudioHandle::AudioCallback given) { start(given); }
float DaisyPatchSM::AudioSampleRate() { return float(rate); }
void DaisyPatchSM::ProcessAllControls() {}
float DaisyPatchSM::GetAdcValue(int channel) { return now.readings[channel]; }
void DaisyPatchSM::SetLed(bool) { end_of_tick(); }
}  // namespace patch_sm

}  // namespace daisy
