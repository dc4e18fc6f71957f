// What one model of notes scores: reconstruction, what its latent still says, and how far it obeys.
#pragma once
#include <vector>

#include "base/random.h"
#include "evaluation/note_probe.h"
#include "evaluation/note_subject.h"

namespace nr {

// What all rows of a table share.
struct NoteBench {
  NoteSet train, test;
  std::shared_ptr<NoteClassifier> classifier;  // of recorded notes, of all labels
};

// Reconstruction of the test notes; sounds: of how many of them.
void measure_reconstruction(const NoteSubject& subject, const NoteBench& bench, const std::vector<SoundMaker>& makers,
                            size_t sounds, RunResult& result);
// Distance of the test notes' latents to the prior, and fresh classifiers' success at reading labels in them.
void measure_latents(const NoteSubject& subject, const NoteBench& bench, RunResult& result);
// Notes from latents of the prior, as many as test notes: does the classifier hear what was asked?
void measure_control(const NoteSubject& subject, const NoteBench& bench, uint64_t seed, RunResult& result);
// Does the classifier's belief in a style rise with its weight?
void measure_mixing(const NoteSubject& subject, const NoteBench& bench, uint64_t seed, RunResult& result);

// The classifier on the recorded test notes; and what the commonest class gives.
void measure_recorded(const NoteSubject& subject, const NoteBench& bench, RunResult& result);
void measure_chance(const NoteSubject& subject, const NoteBench& bench, RunResult& result);

// Pairs of styles that are mixed: those published that the model has, else its first and its last.
std::vector<std::pair<int64_t, int64_t>> mixed_styles(const NoteLabel& label);
// A weight of 1 is style `to` alone: (1 - w) from + w to. Rows: weights.
torch::Tensor mixed_condition(const NoteSubject& subject, const NoteLabel& style, std::pair<int64_t, int64_t> pair,
                              int64_t semitone, int64_t octave, const std::vector<double>& weights);
// Octaves that every instrument has, or all: places of their classes.
std::vector<int64_t> octaves_of(const NoteLabel& octave, bool all);

}  // namespace nr
