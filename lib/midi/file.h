// A Standard MIDI File as a stream of events at the times at which they are played. The parser is ours: FluidSynth's
// player tells of a cut file only through its process-wide log, and times events in whole milliseconds.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace nr {

struct MidiEvent {
  enum class Kind : uint8_t { kNoteOff, kNoteOn, kController, kBend };
  double seconds = 0;  // from the file's start
  Kind kind = Kind::kNoteOff;
  int channel = 0;  // from 0
  int number = 0;   // key or controller, 0 to 127
  int value = 0;    // velocity, 1 to 127; of a controller, 0 to 127; of a bend, -8192 to 8191
};

// Controllers that end all notes of their channel: all sound off, all notes off and the modes.
inline bool ends_notes(int controller) { return controller == 120 || controller >= 123; }

constexpr size_t kLargestMidi = 1 << 24;    // bytes
constexpr double kLongestMidi = 24 * 3600;  // seconds

// Formats 0 and 1 of Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001), in beats or in SMPTE frames.
// Every note-on has its note-off, or a controller that ends it. A note-on of velocity 0 is a note-off, one too many is
// left out, and what never ends is ended at the file's end. Aftertouch, programs, system-exclusive and meta events are
// skipped; tempo is applied.
class MidiFile {
 public:
  // Reads all of it once. Error, beginning with `where`, when it is no such file, cut short, damaged or beyond a limit.
  MidiFile(std::string bytes, std::string where);
  bool next(MidiEvent& event);  // in order of time, and of tracks where times are equal; false after the last one
  void rewind();
  const std::string& where() const { return where_; }
  double seconds() const { return seconds_; }  // until the last track's end
  int unended() const { return unended_; }  // notes

 private:
  struct Track {
    size_t start = 0, end = 0;  // bytes
    size_t at = 0;
    uint8_t status = 0;  // of the last event on a channel
  };
  using Due = std::pair<uint64_t, size_t>;  // tick, track

  void read_chunks();
  bool step(MidiEvent& event);
  bool read_event(Track& track, MidiEvent& event, bool& over);
  bool end_a_note(MidiEvent& event);
  void read_meta(Track& track, bool& over);
  void wait(size_t track, uint64_t since);
  uint8_t byte(Track& track);
  int data(Track& track);
  uint32_t length(Track& track);
  void skip(Track& track, uint32_t count);
  [[noreturn]] void damaged(const Track& track, const std::string& what) const;
  double time_of(uint64_t tick) const { return tempo_time_ + double(tick - tempo_tick_) * tick_seconds_; }

  std::string bytes_, where_;
  std::vector<Track> tracks_;
  int division_ = 0;          // ticks a quarter note; 0: SMPTE
  double smpte_seconds_ = 0;  // of a tick
  // Where reading is.
  std::priority_queue<Due, std::vector<Due>, std::greater<Due>> due_;
  uint64_t tick_ = 0, tempo_tick_ = 0;
  double tempo_time_ = 0, tick_seconds_ = 0;
  std::array<int, 16 * 128> sounding_{};  // notes of a channel and key
  size_t first_sounding_ = 0;             // none before
  // Of the whole file.
  double seconds_ = 0;
  int unended_ = 0;
};

}  // namespace nr
