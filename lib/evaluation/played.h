// A model that plays at the pitch that it is asked for, as an instrument: for the report.
#pragma once
#include <string>
#include <vector>

#include "evaluation/observe.h"

namespace nr {

struct Rendition {
  std::string title, note;
  std::vector<float> audio;
};

// A scale and a glide; where `midi` names a MIDI file, its notes, at most a minute of them; where `voice` names a
// recording, what plays when its pitch, periodicity and level are the model's. The latent is the mean of the sound's,
// and controls that nothing plays are at the sound's mean. Empty for a model without pitch among its controls.
std::vector<Rendition> play_notes(const TrainedModel& trained, const Sound& timbre, const std::string& midi,
                                  const std::string& voice);

}  // namespace nr
