// Macro-controls: what one direction of the latent moves in the parameters of a synthesizer, and in its sound.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "evaluation/synthesizer_subject.h"
#include "systems/latent_directions.h"

namespace nr {

// The latents of training sounds: their mean, deviations and principal components.
struct LatentStatistics {
  torch::Tensor latents;    // [sounds, latent_size], of at most 512
  torch::Tensor deviation;  // [latent_size]
  LatentSpace space;
};
LatentStatistics latent_statistics(const SynthesizerSubject& subject);

// A line through the latent, and the parameters along it.
struct MacroControl {
  std::string name;  // "dimension 3", "component 1"
  LatentDirection direction;
  std::vector<double> places;               // deviations, -4 ... 4
  std::vector<std::string> parameters;      // those that move most, at most five
  std::vector<std::vector<double>> curves;  // of each, positions at the places
};

// What is heard on a line: notes at even steps, and the mean of each descriptor over a note's sounding frames.
struct HeardLine {
  std::vector<double> places;
  std::vector<std::vector<float>> sounds;  // empty: could not be rendered
  std::vector<std::pair<std::string, std::vector<double>>> descriptors;  // NaN where there is no sound
};
constexpr int kHeardSteps = 8;

MacroControl dimension_control(const SynthesizerSubject& subject, const LatentStatistics& statistics, int dimension);
// Every principal component, the one that moves the parameters most first: the ranking of dimensions for performance.
std::vector<MacroControl> ranked_components(const SynthesizerSubject& subject, const LatentStatistics& statistics);

// `from`, in place of the line's own middle where it is defined: a sound's latent, [latent_size].
HeardLine hear(const SynthesizerSubject& subject, const MacroControl& control, const Resynthesis& synth,
               const torch::Tensor& from = {});
// Of latents [n, latent_size] at these places.
HeardLine hear_latents(const SynthesizerSubject& subject, const torch::Tensor& latents,
                       const std::vector<double>& places, const Resynthesis& synth);
// Of parameters' positions [n, columns] in place of latents.
HeardLine hear_positions(const SynthesizerSubject& subject, const torch::Tensor& positions,
                         const std::vector<double>& places, const Resynthesis& synth);

// MSS of each sound to the next, dB; NaN where one could not be rendered.
std::vector<double> steps_of(const HeardLine& line, int sample_rate);

// Of a note: the mean over its sounding frames, in the descriptor's perceptual unit. NaN for silence.
double described(const std::vector<float>& samples, int sample_rate, const std::string& descriptor);

}  // namespace nr
