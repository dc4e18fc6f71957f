#include "midi/file.h"

#include <algorithm>

#include "base/error.h"

namespace nr {
namespace {

constexpr double kMicroseconds = 500000;  // a quarter note, until a tempo is set
constexpr size_t kChunkHead = 8;

uint32_t big_endian(const std::string& bytes, size_t at, int count) {
  uint32_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

MidiFile::MidiFile(std::string bytes, std::string where) : bytes_(std::move(bytes)), where_(std::move(where)) {
  if (bytes_.size() > kLargestMidi) fail(where_, ": is longer than ", kLargestMidi, " bytes, the limit of a MIDI file");
  read_chunks();
  rewind();
  for (MidiEvent event; next(event);) {
  }
  seconds_ = time_of(tick_);
  if (seconds_ > kLongestMidi) fail(where_, ": lasts ", seconds_ / 3600, " hours, the limit is ", kLongestMidi / 3600);
  rewind();
}

void MidiFile::read_chunks() {
  if (bytes_.compare(0, 4, "MThd") != 0) fail(where_, ": is not a Standard MIDI File (expected 'MThd' at its start)");
  uint32_t tracks = 0;
  for (size_t at = 0; at < bytes_.size();) {
    const size_t left = bytes_.size() - at;
    const uint32_t size = left < kChunkHead ? 0 : big_endian(bytes_, at + 4, 4);
    if (left < kChunkHead || size > left - kChunkHead)
      fail(where_, ": is cut short: a part of ", kChunkHead + size, " bytes begins ", left, " bytes before its end");
    const size_t start = at + kChunkHead;
    if (at == 0) {
      if (size < 6) fail(where_, ": is damaged: a header of ", size, " bytes, expected 6");
      const uint32_t format = big_endian(bytes_, start, 2), division = big_endian(bytes_, start + 4, 2);
      if (format > 1) fail(where_, ": is a MIDI file of format ", format, ", expected 0 or 1 (one piece)");
      tracks = big_endian(bytes_, start + 2, 2);
      const uint32_t rate = 256 - (division >> 8), each = division & 255;  // SMPTE: frames a second, ticks a frame
      if (division < 0x8000)
        division_ = int(division);
      else if (each)
        smpte_seconds_ = (rate == 29 ? 1001.0 / 30000 : 1.0 / rate) / each;
      if (!division_ && smpte_seconds_ <= 0) fail(where_, ": is damaged: its beats have no ticks");
    } else if (bytes_.compare(at, 4, "MTrk") == 0) {
      tracks_.push_back({start, start + size});
    }
    at = start + size;
  }
  if (tracks_.size() < tracks) fail(where_, ": is cut short: holds ", tracks_.size(), " of ", tracks, " tracks");
}

void MidiFile::rewind() {
  due_ = {};
  tick_ = tempo_tick_ = 0, tempo_time_ = 0;
  tick_seconds_ = division_ ? kMicroseconds * 1e-6 / division_ : smpte_seconds_;
  sounding_.fill(0), first_sounding_ = 0, unended_ = 0;
  for (size_t i = 0; i < tracks_.size(); ++i) tracks_[i].at = tracks_[i].start, tracks_[i].status = 0, wait(i, 0);
}

bool MidiFile::next(MidiEvent& event) {
  while (!due_.empty())
    if (step(event)) return true;
  return end_a_note(event);
}

// One event of the track whose turn it is; false when it is none that is played.
bool MidiFile::step(MidiEvent& event) {
  const auto [tick, number] = due_.top();
  due_.pop();
  tick_ = tick;
  if (tracks_[number].at == tracks_[number].end) return false;
  bool over = false;
  const bool played = read_event(tracks_[number], event, over);
  if (!over) wait(number, tick);
  event.seconds = time_of(tick);
  return played;
}

// At the file's end: of those that still sound.
bool MidiFile::end_a_note(MidiEvent& event) {
  while (first_sounding_ < sounding_.size() && !sounding_[first_sounding_]) ++first_sounding_;
  if (first_sounding_ == sounding_.size()) return false;
  --sounding_[first_sounding_], ++unended_;
  event = {time_of(tick_), MidiEvent::Kind::kNoteOff, int(first_sounding_ / 128), int(first_sounding_ % 128), 0};
  return true;
}

bool MidiFile::read_event(Track& track, MidiEvent& event, bool& over) {
  if (static_cast<unsigned char>(bytes_[track.at]) >= 0x80) {
    const uint8_t status = byte(track);
    if (status == 0xff) return read_meta(track, over), false;
    if (status == 0xf0 || status == 0xf7) return skip(track, length(track)), false;
    if (status > 0xf0) damaged(track, text("status byte ", int(status), " does not occur in files"));
    track.status = status;
  }
  const int type = track.status >> 4;
  event.channel = track.status & 15;
  if (!type) damaged(track, "its first event has no status byte");
  event.number = data(track);
  event.value = type == 12 || type == 13 ? 0 : data(track);
  int& sounding = sounding_[event.channel * 128 + event.number];
  switch (type) {
    case 8:
    case 9:
      event.kind = type == 9 && event.value ? MidiEvent::Kind::kNoteOn : MidiEvent::Kind::kNoteOff;
      if (event.kind == MidiEvent::Kind::kNoteOff) event.value = 0;
      if (event.kind == MidiEvent::Kind::kNoteOff && !sounding) return false;
      sounding += event.kind == MidiEvent::Kind::kNoteOn ? 1 : -1;
      return true;
    case 11:
      event.kind = MidiEvent::Kind::kController;
      if (ends_notes(event.number)) std::fill_n(sounding_.begin() + event.channel * 128, 128, 0);
      return true;
    case 14:
      event.kind = MidiEvent::Kind::kBend;
      event.value = event.value * 128 + event.number - 8192, event.number = 0;
      return true;
    default:
      return false;
  }
}

void MidiFile::read_meta(Track& track, bool& over) {
  const uint8_t type = byte(track);
  const uint32_t size = length(track);
  const size_t at = track.at;
  skip(track, size);
  over = type == 0x2f;
  if (type != 0x51 || !division_) return;
  if (size != 3) damaged(track, text("a tempo of ", size, " bytes, expected 3"));
  const uint32_t microseconds = big_endian(bytes_, at, 3);
  if (!microseconds) damaged(track, "a tempo of 0 microseconds a beat");
  tempo_time_ = time_of(tick_), tempo_tick_ = tick_;
  tick_seconds_ = microseconds * 1e-6 / division_;
}

// The track's next event falls due; none where nothing is left of it.
void MidiFile::wait(size_t track, uint64_t since) {
  Track& t = tracks_[track];
  if (t.at == t.end) return;
  due_.push({since + length(t), track});
}

uint8_t MidiFile::byte(Track& track) {
  if (track.at == track.end) damaged(track, "it ends within an event");
  return static_cast<uint8_t>(bytes_[track.at++]);
}

int MidiFile::data(Track& track) {
  const uint8_t value = byte(track);
  if (value > 127) damaged(track, text("a value of ", int(value), ", expected at most 127"));
  return value;
}

uint32_t MidiFile::length(Track& track) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const uint8_t next = byte(track);
    value = value << 7 | (next & 127);
    if (next < 128) return value;
  }
  damaged(track, "a number of more than 4 bytes");
}

void MidiFile::skip(Track& track, uint32_t count) {
  if (count > track.end - track.at) damaged(track, "it ends within an event");
  track.at += count;
}

void MidiFile::damaged(const Track& track, const std::string& what) const {
  fail(where_, ": is damaged: track ", &track - tracks_.data() + 1, ", byte ", track.at - track.start, " of ",
       track.end - track.start, ": ", what);
}

}  // namespace nr
