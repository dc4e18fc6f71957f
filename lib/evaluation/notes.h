// Evaluates runs of notes (wae) on their test notes. Beside the models stand rows that need none: recorded notes, and
// chance.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/note_rows.h"
#include "evaluation/results.h"

namespace nr {

// Writes results.json, table.md, table.csv and report.html into `out`, and returns the table's rows; empty: evaluation/
// in the first run. Error when a run is of other notes, classes or spectrograms than the first: one classifier hears
// them all.
std::vector<RunResult> evaluate_notes(const std::vector<std::filesystem::path>& runs,
                                      const EvaluationConfig& config, const std::filesystem::path& out);

// A sound of the page.
struct HeardNote {
  std::string title;
  std::vector<float> samples;
};
struct HeardNotes {
  std::string title, note;
  std::vector<HeardNote> notes;
  bool slides = false;  // one of them at a time, with a slider
};

// A run's latents of the test notes [n, latent_size] at the steps of its kept checkpoints (training.keep), and last
// those of the model itself.
using LatentCourse = std::vector<std::pair<int64_t, torch::Tensor>>;
LatentCourse latent_course(const NoteSubject& subject, const torch::Tensor& seen);

std::string notes_page(const std::vector<RunResult>& results, const std::vector<NoteSubject>& subjects,
                       const NoteBench& bench, const std::vector<LatentCourse>& courses,
                       const std::vector<HeardNotes>& heard, const EvaluationConfig& config);

// Reconstructions of test notes, notes of every style, and mixtures of two styles.
std::vector<HeardNotes> hear_notes(const std::vector<NoteSubject>& subjects, const NoteBench& bench,
                                   const std::vector<SoundMaker>& makers, const EvaluationConfig& config);

}  // namespace nr
