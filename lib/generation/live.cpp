#include "generation/live.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "generation/note_voices.h"

namespace nr {
namespace {

constexpr auto kPause = std::chrono::milliseconds(1);  // of the thread that makes notes

class LiveNotes : public LiveInstrument {
 public:
  LiveNotes(const PlayConfig& config, int rate)
      : instrument_(config.run, config.notes),
        voices_(instrument_,
                {config.channel, config.polyphony, config.voice.release, config.voice.velocity_range, config.voice.cc},
                rate) {}

  void take(const unsigned char* bytes, int size) override {
    if (size < 3) return;
    const int kind = bytes[0] & 0xf0, channel = bytes[0] & 0x0f, number = bytes[1] & 127, value = bytes[2] & 127;
    if (kind == 0x90 && value) voices_.note_on(channel, number, value);
    if (kind == 0x80 || (kind == 0x90 && !value)) voices_.note_off(channel, number);
    if (kind == 0xb0) voices_.controller(channel, number, value);
  }
  void process(const float*, float* out, int samples) override { voices_.process(out, samples); }
  bool work() override { return voices_.make_one(); }
  int dropped() const override { return voices_.dropped(); }

 private:
  NoteInstrument instrument_;
  NoteVoices voices_;
};

}  // namespace

std::unique_ptr<LiveInstrument> live_notes(const PlayConfig& config, int rate) {
  if (!config.audio.empty()) fail("audio: a run of notes hears none");
  if (!config.set_control.empty()) fail("set-control: a run of notes has no controls: give --style and --point");
  return std::make_unique<LiveNotes>(config, rate);
}

std::unique_ptr<LiveInstrument> open_live(const PlayConfig& config, int rate) {
  return makes_notes(config.run) ? live_notes(config, rate) : live_stream(config, rate);
}

void process_block(LiveInstrument& instrument, const float* in, float* out, int samples, const MidiMessage* messages,
                   int count) {
  int at = 0;
  for (int i = 0; i <= count; ++i) {
    const int to = i < count ? std::clamp(messages[i].sample, at, samples) : samples;
    if (to > at) instrument.process(in ? in + at : nullptr, out + at, to - at);
    if (i < count) instrument.take(messages[i].bytes, messages[i].size);
    at = to;
  }
}

void play_live(const PlayConfig& config) {
  if (!config.inputs.empty()) fail("inputs: only what a MIDI file plays is written (--midi, --out)");
  JackClient client("neurorave");
  const std::unique_ptr<LiveInstrument> instrument = open_live(config, client.sample_rate());
  client.start(!config.audio.empty(), [&](const float* in, float* out, int samples, const MidiMessage* messages,
                                          int count) {
    process_block(*instrument, in, out, samples, messages, count);
  });
  log_info(text("plays as the JACK client ", client.name(), " at ", client.sample_rate(), " Hz; Ctrl-C ends it"));
  while (!interrupted() && client.running())
    if (!instrument->work()) std::this_thread::sleep_for(kPause);
  if (!client.running()) log_warning("the JACK server has ended");
  if (client.late() || instrument->dropped())
    log_warning(text(client.late(), " blocks came too late, ", instrument->dropped(), " notes were not played"));
}

}  // namespace nr
