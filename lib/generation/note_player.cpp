#include "generation/note_player.h"

#include "base/error.h"
#include "base/log.h"

namespace nr {

NotePlayer::NotePlayer(const NoteInstrument& instrument, MidiFile file, const NotePlayerConfig& config)
    : sample_rate_(instrument.sample_rate()), file_(std::move(file)), voices_(instrument, config, sample_rate_) {
  int notes = 0;
  while (file_.next(event_)) notes += event_.kind == MidiEvent::Kind::kNoteOn && voices_.plays(event_.channel);
  if (!notes) fail(file_.where(), ": holds no note to play");
  if (file_.unended()) log_warning(text(file_.where(), ": ", file_.unended(), " notes never ended"));
  const double seconds = file_.seconds() + double(instrument.samples()) / sample_rate_;
  blocks_ = int64_t(seconds * sample_rate_) / kBlock + 1;
  file_.rewind();
  more_ = file_.next(event_);
}

void NotePlayer::take(const MidiEvent& event) {
  if (event.kind == MidiEvent::Kind::kController) voices_.controller(event.channel, event.number, event.value);
  if (event.kind == MidiEvent::Kind::kNoteOff) voices_.note_off(event.channel, event.number);
  if (event.kind != MidiEvent::Kind::kNoteOn) return;
  voices_.note_on(event.channel, event.number, event.value);
  while (voices_.make_one()) {
  }
}

void NotePlayer::next(float* samples) {
  const double now = double(block_++) * kBlock / sample_rate_;
  for (; more_ && event_.seconds <= now; more_ = file_.next(event_)) take(event_);
  while (voices_.make_one()) {
  }
  voices_.process(samples, kBlock);
}

void NotePlayer::warn() const {
  if (voices_.unplayed())
    log_warning(text(file_.where(), ": ", voices_.unplayed(), " notes in octaves that the model does not have"));
}

}  // namespace nr
