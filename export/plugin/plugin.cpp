// An exported header as a plug-in: a parameter a control, MIDI notes, any rate and block size. DPF makes LV2, VST3 and
// CLAP of it. What it does is in export/player.
#include NR_HEADER

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "DistrhoPlugin.hpp"
#include "player.h"

#ifndef NR_PLAYS_AUDIO
#error This header makes no sound: it holds an encoder, or gives parameters. Export the decoder or the whole of a sound.
#endif

START_NAMESPACE_DISTRHO

class NeuroRavePlugin : public Plugin {
 public:
  NeuroRavePlugin() : Plugin(uint32_t(nr::Player::parameters(NR_MODEL).size()) + kFirst, 0, 0) {
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

  // Bypass comes first: to a VST3 host, DPF 1.6 gives the first parameter's value as 0 whatever it is.
  void initParameter(uint32_t index, Parameter& parameter) override {
    if (index < kFirst) return parameter.initDesignation(kParameterDesignationBypass);
    const nr::Parameter& p = parameters_[index - kFirst];
    parameter.name = parameter.symbol = p.name.c_str();
    parameter.unit = p.unit == "1" ? "" : p.unit.c_str();
    parameter.hints = kParameterIsAutomatable | (p.logarithmic ? kParameterIsLogarithmic : 0u);
    parameter.ranges.min = p.low, parameter.ranges.max = p.high, parameter.ranges.def = p.initial;
  }
  float getParameterValue(uint32_t index) const override {
    return index < kFirst ? float(bypassed_) : values_[index - kFirst];
  }
  void setParameterValue(uint32_t index, float value) override {
    if (index < kFirst) {
      bypassed_ = value > 0.5f;
      return;
    }
    values_[index - kFirst] = value;
    for (auto& player : players_) player->set(int(index - kFirst), value);
  }

  void sampleRateChanged(double rate) override {
    players_.clear();
    for (int channel = 0; channel < kPlayers; ++channel)
      players_.emplace_back(new nr::Player(NR_MODEL, rate, nr::on_engine));
    for (uint32_t i = 0; i < values_.size(); ++i) setParameterValue(i + kFirst, values_[i]);
    const int latency = players_[0]->latency();
    setLatency(uint32_t(latency));
    delayed_.assign(size_t(kPlayers), std::vector<float>(size_t(latency) + 1));
    step_ = float(1 / (0.01 * rate));
  }
  void activate() override {
    for (auto& player : players_) player->reset();
    for (auto& ring : delayed_) std::fill(ring.begin(), ring.end(), 0.f);
  }

  void run(const float** inputs, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
    uint32_t from = 0;
    for (uint32_t i = 0; i <= count; ++i) {
      const uint32_t to = i < count ? std::min(std::max(events[i].frame, from), frames) : frames;
      for (int p = 0; p < kPlayers; ++p)
        players_[size_t(p)]->process(kPlayers > 1 ? inputs[p] + from : nullptr, outputs[p] + from, int(to - from));
      fade(inputs, outputs, from, to);
      if (i < count) message(events[i]);
      from = to;
    }
    if (kPlayers == 1) std::copy(outputs[0], outputs[0] + frames, outputs[1]);
  }

 private:
  static constexpr uint32_t kFirst = 1;  // parameters before the model's
#ifdef NR_EFFECT
  static constexpr int kPlayers = 2;
#else
  static constexpr int kPlayers = 1;
#endif

  // Towards the input, as late as the output is, and back: within 10 ms. An instrument's input is silence.
  void fade(const float** inputs, float** outputs, uint32_t from, uint32_t to) {
    for (uint32_t t = from; t < to; ++t) {
      const float wanted = bypassed_ ? 1 : 0;
      dry_ += std::min(step_, std::max(-step_, wanted - dry_));
      for (size_t p = 0; p < delayed_.size(); ++p) {
        std::vector<float>& ring = delayed_[p];
        ring[at_] = kPlayers > 1 ? inputs[p][t] : 0;
        const float late = ring[(at_ + 1) % ring.size()];
        if (dry_ > 0) outputs[p][t] += dry_ * (late - outputs[p][t]);
      }
      at_ = (at_ + 1) % delayed_[0].size();
    }
  }

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
  std::vector<std::vector<float>> delayed_;  // of each channel, as long as the latency and one
  size_t at_ = 0;
  float dry_ = 0, step_ = 0;  // share of the input; the most that it changes in a sample
  bool bypassed_ = false;

  DISTRHO_DECLARE_NON_COPYABLE_WITH_LEAK_DETECTOR(NeuroRavePlugin)
};

Plugin* createPlugin() { return new NeuroRavePlugin(); }

END_NAMESPACE_DISTRHO
