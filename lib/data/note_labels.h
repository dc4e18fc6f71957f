// What a note's recording says of its pitch, instrument and style, in its labels or in its file's name.
#pragma once
#include <map>
#include <optional>
#include <string>

namespace nr {

// Names of the twelve semitones from C, with sharps.
extern const char* const kSemitones[12];

// "A4", "As4", "A#4", "Bb4", "bb4" -> the MIDI key, of which C4 is 60. Nothing when it is no such name, or its key is
// not in 0 ... 127.
std::optional<int> key_of_note(const std::string& name);

// Adds what is not there: `key` (MIDI, from a label pitch, pitch_midi, midi or note, else from the name), `semitone` (C
// ... B) and `octave` (0 ... of keys from 12 on), `instrument` and `style` (from the name). Names of NSynth
// (bass_synthetic_033-022-050: instrument, key, velocity) and of Studio On Line and sfz packs, parts of which are set
// apart by '-' or '_' (Vn-pizz-secco-A#3-ff-4c, cello_C2_v1): instrument, style, note. What a label says goes before
// the name. A value that is no key adds nothing.
void add_note_labels(const std::string& file, std::map<std::string, std::string>& labels);

}  // namespace nr
