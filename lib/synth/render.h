// Recipe -> folder of WAV files with manifest.csv (path,instrument,family,pitch,velocity) and a licence note.
#pragma once
#include <filesystem>

#include "synth/recipe.h"

namespace nr {

struct RenderReport {
  size_t files = 0;
  double seconds = 0;         // of audio
  double peak = 0;            // of full scale
  size_t clipped_files = 0;   // with a sample beyond full scale
  bool up_to_date = false;    // the folder already held exactly this; nothing was done
};

// Parallel over instruments. Files of an earlier recipe in the same folder are removed, others left alone.
RenderReport render(const Recipe& recipe, const std::filesystem::path& out);

}  // namespace nr
