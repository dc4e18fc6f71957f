// Distortions of others, hosted at run time by the program sox in a process of its own: sox's, and LADSPA plug-ins
// (both under the GPL). For sounds that no model was trained on.
#pragma once
#include <vector>

#include "effects/effect.h"

namespace nr {

// Rows of the family "pedal". An effect starts its own sox; Error that names the package when sox or the plug-in is not
// there, when the process ends, or when it gives nothing for 5 seconds. sox is found through PATH, plug-ins in
// LADSPA_PATH, without it in /usr/lib/ladspa. What is beyond full scale is clipped, as sox does.
std::vector<EffectKind> pedals();

}  // namespace nr
