// A run of notes as a multisample: an SFZ file and a FLAC for each key, which samplers play. Torch-free.
#pragma once
#include <filesystem>

#include "generation/note_instrument.h"

namespace nr {

// Writes folder/NAME.sfz, NAME being the folder's, and folder/samples/KEY.flac for every `step`th key from low to high
// that the model plays; the keys between get the nearest. Error, and no .sfz, when none is played.
void write_multisample(const NoteInstrument& instrument, const std::filesystem::path& folder, int low, int high,
                       int step);

}  // namespace nr
