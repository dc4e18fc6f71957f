// A model that streams, played live as an exported one is in a plug-in.
#include <cmath>
#include <cstdint>

#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"
#include "descriptors/descriptor.h"
#include "export/player/player.h"
#include "generation/live.h"
#include "generation/synthesizer.h"

namespace nr {
namespace {

class LiveStream : public LiveInstrument {
 public:
  LiveStream(const PlayConfig& config, int rate)
      : channel_(config.channel),
        synthesizer_(config.audio.empty() ? open_synthesizer(config.run, config.latent) : open_effect(config.run)) {
    if (synthesizer_.draw) fail(config.run, ": a prior plays a MIDI file only (--midi, --out)");
    for (const Scale& scale : synthesizer_.scales)
      controls_.push_back({scale.descriptor.c_str(), scale.unit(), float(scale.physical(-1)), float(scale.physical(1)),
                           int(scale.warp())});
    fill_loop();
    model_ = {"live", synthesizer_.program,   synthesizer_.sample_rate, 1, int(controls_.size()), controls_.data(),
              ticks_, loop_.data(), 0, nullptr};
    player_ = std::make_unique<Player>(model_, rate, on_engine_with(config.threads));
    for (const std::string& setting : config.set_control) set(setting);
  }

  void take(const unsigned char* bytes, int size) override {
    if (size < 3 || (channel_ ? (bytes[0] & 15) != channel_ - 1 : (bytes[0] & 15) == 9)) return;
    MidiVoice& voice = player_->voice();
    switch (bytes[0] & 0xf0) {
      case 0x80: return voice.note_off(bytes[1]);
      case 0x90: return voice.note_on(bytes[1], bytes[2]);
      case 0xb0: return voice.control_change(bytes[1], bytes[2]);
      case 0xe0: return voice.bend((bytes[2] << 7 | bytes[1]) - 8192);
    }
  }
  void process(const float* in, float* out, int samples) override { player_->process(in, out, samples); }
  int latency() const override { return player_->latency(); }

 private:
  // The latents forth and back, in whole ticks; of the controls anything: the player sets them.
  void fill_loop() {
    const nr_program& p = *synthesizer_.program;
    for (int i = 0; i < p.n_inputs; ++i) {
      const nr_port& port = p.inputs[i];
      const std::string name = port.name;
      const size_t channels = size_t(port.channels), block = channels * size_t(port.frames);
      if (name == "noise" || name == "audio") {
        loop_.push_back(nullptr);
        continue;
      }
      std::vector<float> rows(block, 0.f);
      if (name == "latent") {
        const std::vector<float>& given = synthesizer_.latent;
        const size_t frames = given.size() / channels, turns = frames > 1 ? 2 * frames - 2 : 1;
        const size_t least = (turns + size_t(port.frames) - 1) / size_t(port.frames);
        ticks_ = int(least);
        rows.clear();
        for (size_t f = 0; f < least * size_t(port.frames); ++f) {
          const size_t turn = f % turns, at = turn < frames ? turn : 2 * frames - 2 - turn;
          rows.insert(rows.end(), given.begin() + long(at * channels), given.begin() + long((at + 1) * channels));
        }
      }
      floats_.push_back(std::move(rows));
      integers_.emplace_back();
      if (p.precision != NR_FLOAT32)
        for (const float x : floats_.back())
          integers_.back().push_back(int16_t(std::lround(std::fmax(-32768.f, std::fmin(32767.f, x / port.scale)))));
      loop_.push_back(p.precision == NR_FLOAT32 ? static_cast<const void*>(floats_.back().data())
                                                : integers_.back().data());
    }
  }

  // "centroid=1500"
  void set(const std::string& setting) {
    const size_t equals = setting.find('=');
    const std::string name = setting.substr(0, equals);
    std::vector<std::string> names;
    for (const Parameter& p : Player::parameters(model_)) names.push_back(p.name);
    double value;
    if (equals == std::string::npos || !config::parse(setting.substr(equals + 1), value))
      fail("set-control '", setting, "': expected name=value where a model is played live or hears audio");
    if (!contains(names, name)) fail("set-control '", setting, "': the model has no '", name, "'", hint(name, names));
    for (size_t i = 0; i < names.size(); ++i)
      if (names[i] == name) player_->set(int(i), float(value));
  }

  int channel_;
  Synthesizer synthesizer_;
  std::vector<nr_control> controls_;
  std::vector<std::vector<float>> floats_;
  std::vector<std::vector<int16_t>> integers_;
  std::vector<const void*> loop_;
  int ticks_ = 1;
  nr_model model_{};
  std::unique_ptr<Player> player_;
};

}  // namespace

std::unique_ptr<LiveInstrument> live_stream(const PlayConfig& config, int rate) {
  return std::make_unique<LiveStream>(config, rate);
}

}  // namespace nr
