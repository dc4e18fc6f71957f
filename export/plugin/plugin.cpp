// An exported header as a plug-in: a parameter a control, MIDI notes, any rate and block size. DPF makes LV2, VST3, VST2
// and CLAP of it. What it does is in export/player.
#include NR_HEADER

#include <memory>
#include <string>
#include <vector>

#include "DistrhoPlugin.hpp"
#include "player.h"

#ifndef NR_PLAYS_AUDIO
#error This header holds an encoder: it makes no sound. Export the decoder or the whole.
#endif

START_NAMESPACE_DISTRHO

class NeuroRavePlugin : public Plugin {
 public:
  NeuroRavePlugin() : Plugin(uint32_t(nr::Player::parameters(NR_MODEL).size()), 0, 0) {
    for (const nr::Parameter& parameter : parameters_) values_.push_back(parameter.initial);
    sampleRateChanged(getSampleRate());
  }

 protected:
  const char* getLabel() const override { return NR_MODEL.name; }
  const char* getMaker() const override { return "NeuroRave"; }
  const char* getLicense() const override { return "MIT"; }
  uint32_t getVersion() const override { return d_version(1, 0, 0); }
  int64_t getUniqueId() const override {
    uint32_t hash = 2166136261u;
    for (const char* c = NR_TITLE; *c; ++c) hash = (hash ^ uint8_t(*c)) * 16777619u;
    return hash;
  }

  void initParameter(uint32_t index, Parameter& parameter) override {
    const nr::Parameter& p = parameters_[index];
    parameter.name = parameter.symbol = p.name.c_str();
    parameter.unit = p.unit == "1" ? "" : p.unit.c_str();
    parameter.hints = kParameterIsAutomatable | (p.logarithmic ? kParameterIsLogarithmic : 0u);
    parameter.ranges.min = p.low, parameter.ranges.max = p.high, parameter.ranges.def = p.initial;
  }
  float getParameterValue(uint32_t index) const override { return values_[index]; }
  void setParameterValue(uint32_t index, float value) override {
    values_[index] = value;
    for (auto& player : players_) player->set(int(index), value);
  }

  void sampleRateChanged(double rate) override {
    players_.clear();
    for (int channel = 0; channel < kPlayers; ++channel) players_.emplace_back(new nr::Player(NR_MODEL, rate));
    for (uint32_t i = 0; i < values_.size(); ++i) setParameterValue(i, values_[i]);
    setLatency(uint32_t(players_[0]->latency()));
  }
  void activate() override {
    for (auto& player : players_) player->reset();
  }

  void run(const float** inputs, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
    uint32_t from = 0;
    for (uint32_t i = 0; i <= count; ++i) {
      const uint32_t to = i < count ? std::min(std::max(events[i].frame, from), frames) : frames;
      for (int p = 0; p < kPlayers; ++p)
        players_[size_t(p)]->process(kPlayers > 1 ? inputs[p] + from : nullptr, outputs[p] + from, int(to - from));
      if (i < count) message(events[i]);
      from = to;
    }
    if (kPlayers == 1) std::copy(outputs[0], outputs[0] + frames, outputs[1]);
  }

 private:
#ifdef NR_EFFECT
  static constexpr int kPlayers = 2;
#else
  static constexpr int kPlayers = 1;
#endif

  void message(const MidiEvent& event) {
    if (event.size < 2 || event.size > MidiEvent::kDataSize) return;
    const uint8_t* d = event.data;
    const int value = event.size > 2 ? d[2] : 0;
    for (auto& player : players_) {
      nr::MidiVoice& voice = player->voice();
      if ((d[0] & 0xf0) == 0x90) voice.note_on(d[1], value);
      if ((d[0] & 0xf0) == 0x80) voice.note_off(d[1]);
      if ((d[0] & 0xf0) == 0xb0) voice.control_change(d[1], value);
      if ((d[0] & 0xf0) == 0xe0) voice.bend((value << 7 | d[1]) - 8192);
    }
  }

  std::vector<nr::Parameter> parameters_ = nr::Player::parameters(NR_MODEL);
  std::vector<float> values_;
  std::vector<std::unique_ptr<nr::Player>> players_;

  DISTRHO_DECLARE_NON_COPYABLE_WITH_LEAK_DETECTOR(NeuroRavePlugin)
};

Plugin* createPlugin() { return new NeuroRavePlugin(); }

END_NAMESPACE_DISTRHO
