#include "midi/performance.h"

#include <cmath>
#include <map>

#include "base/error.h"
#include "base/log.h"
#include "base/names.h"

namespace nr {
namespace {

constexpr int kPercussion = 9;

std::string notes_text(int count) { return text(count, count == 1 ? " note" : " notes"); }

}  // namespace

bool Performance::plays(int channel) const { return channel_ ? channel == channel_ - 1 : channel != kPercussion; }

Performance::Performance(MidiFile file, int channel, const std::vector<Scale>& controls, const VoiceConfig& voice,
                         double frame_seconds)
    : file_(std::move(file)),
      channel_(channel),
      frame_seconds_(frame_seconds),
      voice_(controls, voice, frame_seconds),
      coming_(controls.size()) {
  std::map<int, int> notes;
  while (file_.next(event_)) notes[event_.channel] += event_.kind == MidiEvent::Kind::kNoteOn;
  int played = 0;
  std::vector<std::string> there;
  for (const auto& [number, count] : notes) {
    if (plays(number)) played += count;
    if (count) there.push_back(text(number + 1, number == kPercussion ? " (percussion)" : ""));
  }
  if (!played)
    fail(file_.where(), ": holds no note to play", channel ? text(" on channel ", channel) : "",
         " (channels with notes: ", there.empty() ? "none" : join(there), ")");
  if (!channel && notes[kPercussion])
    log_warning(text(file_.where(), ": ", notes_text(notes[kPercussion]), " on channel 10 left out: percussion"));
  if (file_.unended())
    log_warning(text(file_.where(), ": ", notes_text(file_.unended()), " never ended: held until the file's end"));
  frames_ =
      std::llround(file_.seconds() / frame_seconds_) + std::llround(std::ceil(voice.release / frame_seconds_)) + 2;
  file_.rewind();
  more_ = file_.next(event_);
  advance();
}

void Performance::advance() {
  for (; more_ && std::llround(event_.seconds / frame_seconds_) <= frame_; more_ = file_.next(event_))
    if (plays(event_.channel)) voice_.take(event_);
  voice_.next(coming_.data());
  coming_silent_ = voice_.silent();
  ++frame_;
}

void Performance::next(float* controls) {
  const bool silent = coming_silent_;
  std::copy(coming_.begin(), coming_.end(), controls);
  advance();
  if (silent && !coming_silent_) controls[voice_.pitch()] = coming_[voice_.pitch()];
}

void Performance::warn() const {
  if (voice_.unheard())
    log_warning(text(file_.where(), ": ", notes_text(voice_.unheard()),
                     " not heard: one voice plays the last of the notes that are held"));
  if (voice_.beyond())
    log_warning(text(file_.where(), ": ", notes_text(voice_.beyond()),
                     " beyond the control's range, played at its nearest pitch: ", voice_.pitch_range().physical(-1),
                     " to ", voice_.pitch_range().physical(1), " Hz"));
}

}  // namespace nr
