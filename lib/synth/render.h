// Recipe -> folder of WAV files with a licence note and manifest.csv: path,instrument,family,style,pitch,velocity of
// notes, path,word,speaker,speed,pitch of spoken words; of presets see presets.h.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "synth/recipe.h"

namespace nr {

struct RenderReport {
  size_t files = 0;
  double seconds = 0;         // of audio
  double peak = 0;            // of full scale
  size_t clipped_files = 0;   // with a sample beyond full scale
  size_t silent_files = 0;    // all zeros: a SoundFont may have no sample at a key
  std::string a_silent_file;  // the path of one
  std::vector<std::pair<std::string, std::string>> rejected = {};  // presets left out: path, reason
  bool up_to_date = false;    // the folder already held exactly this; nothing was done
};

// Parallel over instruments or voices. What render made there of an earlier recipe is removed, everything else stays.
// Error, and nothing is changed, when a file to be written exists and is not of render's making.
RenderReport render(const Recipe& recipe, const std::filesystem::path& out);

}  // namespace nr
