// What a validation sounds and looks like, for TensorBoard.
#pragma once
#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "report/events.h"

namespace nr {

// Values of a validation's first batch that are shown where a system has them: sounds as players and spectrograms,
// spectrograms as images, latents as a histogram.
const std::vector<std::string>& shown_values();

// Whether the validation of this number (1 is a run's first) is shown: ever more seldom, a tenth later each time, so
// that a run of a thousand validations keeps about sixty sets of sounds.
bool is_shown(int64_t validation);

// values: by names of shown_values(). Writes the first few of a batch.
void show(report::EventFile& events, int64_t step, const std::map<std::string, torch::Tensor>& values,
          int sample_rate);

}  // namespace nr
