// Effects of others, mostly distortions, hosted at run time in a process of their own (all under the GPL): sox's and
// LADSPA plug-ins by the program sox, LV2 plug-ins by ffmpeg, those of PyPI's package pedalboard by python3. For sounds
// that no model was trained on.
#pragma once
#include <vector>

#include "effects/effect.h"

namespace nr {

// Rows of the family "pedal". An effect starts its own process; Error that names the package when the program or the
// plug-in is not there, when the process ends, or when it gives nothing for 5 seconds. The programs are found through
// PATH, plug-ins in LADSPA_PATH (without it in /usr/lib/ladspa) and LV2_PATH. sox clips what is beyond full scale.
std::vector<EffectKind> pedals();

}  // namespace nr
