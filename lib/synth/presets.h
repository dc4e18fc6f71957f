// A set of presets: which values each has, and what becomes of it when it is rendered.
#pragma once
#include <filesystem>

#include "synth/plan.h"
#include "synth/render.h"
#include "synth/render_process.h"

namespace nr {

// One job a preset, of a synthesizer of these parameters and, where the set asks for them, shipped presets. Error when
// it has no parameter of a name, or there is nothing to render.
Plan preset_plan(const PresetSet& set, const SynthParameters& parameters,
                 const std::vector<std::vector<double>>& shipped = {});

// Parallel, one worker process a core. A preset that is silent (peak below -40 dB of full scale), beyond full scale,
// not the same twice, or a RenderProcess's problem, is left out; rejected.csv says why. A set that was cut short goes
// on where it stopped. Beside the sounds:
//   manifest.csv    path, family, kind, and each parameter that varies, in its own unit, a choice as its number; empty
//                   where the preset's other values keep it from being heard
//   parameters.csv  what those parameters are
//   floor.csv       distances of the first presets to themselves with another seed: no model comes closer
RenderReport render_presets(const Recipe& recipe, const std::filesystem::path& out, const RenderProcess::Make& make);

// The names of set.parameters, or of all parameters where it is "*".
std::vector<std::string> varied(const PresetSet& set, const SynthParameters& parameters);

SynthNote note_of(const Recipe& recipe);

}  // namespace nr
