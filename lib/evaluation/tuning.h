// Does the note come out? Pitch of the original and of what is decoded, measured by Swipe. Each is a row of table.cpp.
#pragma once
#include <vector>

#include "evaluation/table.h"

namespace nr {

// Of the reconstruction against the original, over frames in which the original is voiced and not near silence
// (descriptors/intonation.h). NaN for fewer than five of them.
std::vector<Number> in_tune(const Observation&, const std::vector<Scale>&);
// The same of the pitch that the model is asked for, the control's curve, instead of the reconstruction's: what a model
// that obeys exactly scores. Empty for a model without pitch.
std::vector<Number> in_tune_asked(const Observation&, const std::vector<Scale>&);
// The reconstruction's again, over those frames only in which the asked pitch is the original's. Parts: the same when
// transposed, "-12" ... "+12". Empty for a model without pitch.
std::vector<Number> in_tune_agreed(const Observation&, const std::vector<Scale>&);
std::vector<Number> pitch_cents(const Observation&, const std::vector<Scale>&);  // over frames voiced in both
std::vector<Number> octave_errors(const Observation&, const std::vector<Scale>&);
// F1 of the frames in which the reconstruction is voiced against those in which the original is.
std::vector<Number> voicing_f1(const Observation&, const std::vector<Scale>&);

// Against the original's pitch times 2^(steps / 12). Parts: "-12", "-5", "+5", "+12"; headline: their mean. Frames
// whose target no control can ask for or Swipe cannot find are left out. Empty for a model without pitch.
std::vector<Number> in_tune_transposed(const Observation&, const std::vector<Scale>&);
// Against the original's pitch when other controls are exchanged: those beside pitch and periodicity, each alone; for a
// model without pitch all of them. Parts: each control. Empty where there is no such control.
std::vector<Number> in_tune_exchanged(const Observation&, const std::vector<Scale>&);

// Level in dB of the reconstruction where the original is below -60 dB.
std::vector<Number> silent_energy(const Observation&, const std::vector<Scale>&);

}  // namespace nr
