// Is a sound in tune with another? Frame by frame, of their pitches as Swipe finds them.
#pragma once
#include <vector>

#include "descriptors/swipe.h"

namespace nr {

// Frames near silence (RMS of the wanted sound at most 2e-3) and frames whose wanted pitch lies outside the bounds are
// left out.
struct Intonation {
  int voiced = 0;                  // frames in which the wanted sound is voiced
  int in_tune = 0;                 // of these: the played sound is voiced and within 50 cents of the wanted pitch
  int octaves = 0;                 // of these: ... within 50 cents of a pitch one or more octaves away
  int both = 0;                    // of these: the played sound is voiced
  int played = 0;                  // frames in which the played sound is voiced, whatever the wanted one is
  std::vector<double> cents = {};  // |difference|, of the frames voiced in both

  double share() const;  // in_tune of voiced; NaN for fewer than kFewestVoiced
};
bool in_tune(double played, double wanted);  // Hz; within 50 cents
constexpr int kFewestVoiced = 5;
constexpr float kNearSilence = 2e-3f;

// The wanted pitch in Hz is that of `wanted` times `ratio`. Error for tracks of different length.
struct PitchBounds {
  double low = Swipe::kLow, high = Swipe::kHigh;
};
Intonation intonation(const PitchTrack& wanted, const PitchTrack& played, double ratio = 1,
                      const PitchBounds& bounds = {});

}  // namespace nr
