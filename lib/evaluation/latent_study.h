// What a run's latent is for a player: macro-controls, lines between two sounds and the neighbourhood of each.
#pragma once
#include "evaluation/macro_controls.h"
#include "evaluation/semantic.h"

namespace nr {

struct Interpolation {
  std::string from, to;                            // test sounds
  HeardLine line;                                  // places: 0 ... 1, between their latents
  std::vector<std::string> parameters;             // those that move most, and their positions along a finer line
  std::vector<double> places;
  std::vector<std::vector<double>> curves;
  std::vector<std::vector<float>> near_from, near_to;  // latents moved by N(0, 0.1) deviations of the training sounds
};

struct LatentStudy {
  std::vector<MacroControl> dimensions;  // every one, in order
  std::vector<MacroControl> components;  // ranked
  std::vector<HeardLine> heard;          // the first components, around the mean of the training sounds
  std::vector<HeardLine> heard_on;       // the first component, around test sounds
  std::vector<std::string> heard_names;  // of these
  std::vector<Interpolation> interpolations;  // the first ones are heard
  // Smoothness: the mean MSS of a step along dimensions, and along straight lines between training presets whose ends
  // lie as far apart in the parameters; dB, a pair for each dimension that moves.
  std::vector<std::pair<double, double>> smoothness;
  // Of each interpolation: the largest step in MSS over the mean one; whether a position left [0, 1].
  std::vector<double> jumps;
  bool left_range = false;
  std::vector<SemanticDimension> semantic;  // one for each of data.tags
};

// `sounds`: how many components and interpolations are kept to be heard; 0: numbers and curves only. Empty for a system
// without a latent, or one that draws.
LatentStudy latent_study(const SynthesizerSubject& subject, const Resynthesis& synth, int64_t seed, int sounds);

// A row a run that has a latent: smoothness, jumps and, of a latent with tags, how well they are found.
std::string latent_table(const std::vector<std::pair<std::string, LatentStudy>>& runs);

}  // namespace nr
