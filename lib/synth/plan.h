// Recipe -> the files it asks for: where each lies, what the manifest says of it, and what sounds in it.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "synth/parameter.h"
#include "synth/recipe.h"
#include "synth/soundfont.h"
#include "synth/speech.h"

namespace nr {

struct Job {
  std::string path, labels;  // relative to the folder; the manifest's other cells
  std::variant<Note, Utterance, Preset> sound;
  double seconds;
};

struct Plan {
  std::string columns;                  // the manifest's first line
  std::vector<std::vector<Job>> lists;  // one an instrument in a style, or a voice; all presets are one list
};

// Error: a name that is no file name, two that are one folder, notes beside spoken words, or nothing to render.
Plan plan(const Recipe& recipe);

std::string manifest(const Plan& plan);

}  // namespace nr
