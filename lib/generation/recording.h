// A recording as the note that synthesizer inference sees.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <vector>

#include "run/data.h"

namespace nr {

// The beginning of a recording at the set's rate, as long as a note and its release. Error when it cannot be read.
std::vector<float> beginning_of(const std::filesystem::path& file, const DataConfig& data);
// [1, 1, data.segment]: cut, or continued with silence.
torch::Tensor as_note(const std::vector<float>& samples, const DataConfig& data);

// The MIDI key that most voiced frames are nearest to; -1 where none is voiced.
int commonest_note(const std::vector<float>& samples, int sample_rate);
int to_nearest_c(int note);  // semitones from -6 to 5
// By resampling, so that its length changes too.
std::vector<float> shifted(const std::vector<float>& samples, int sample_rate, int semitones);

}  // namespace nr
