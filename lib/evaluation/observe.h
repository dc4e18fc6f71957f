// One test clip through one model: its reconstruction, and what comes out when its controls are exchanged. All metrics
// and the report's examples are computed from this.
#pragma once
#include <string>
#include <vector>

#include "descriptors/swipe.h"
#include "evaluation/combinations.h"
#include "evaluation/curves.h"
#include "evaluation/statistics.h"
#include "nn/checkpoint.h"

namespace nr {

// A clip and its measured controls. frames * hop covers the samples.
struct Sound {
  std::string name;
  std::vector<float> samples;
  int frames = 0;
  Measured measured;
  Measured other_window;  // the same by measure_at_other_window
};

// A trial is one decoding of the clip's own latent with the control curves that are asked for.
struct Trial {
  static constexpr int kAll = -1, kOwn = -2, kTransposed = -3;
  // The only one that differs from the clip's own. kOwn: none, the reconstruction. kTransposed: pitch, by `steps`.
  int control = kAll;
  Curves asked, measured;
  std::vector<bool> active;      // frames that count: the donor sounds, and for one control the clip sounds too
  double training_distance = 0;  // of the asked combinations: TrainingCombinations::mean_distance
  std::vector<float> audio;      // as long as the clip and aligned with it
  // The exchanged curves of kAll and of one control, as another window measures them in the donor and in the audio.
  // Empty in other trials, and of a control that it does not measure.
  Curves other_asked = {}, other_measured = {};
  int steps = 0;                 // semitones by which the clip's own pitch curve is moved
  PitchTrack pitch = {};         // of the audio; not of requests
  std::string request = {};      // of Observation::requests: a gesture's name, or "pool"
  std::vector<bool> exchanged = {};  // of the pool: the controls that follow it
};

// CDPAM's distances: NaN where there is nothing to compare. Its embeddings of the whole sounds.
struct HeardByCdpam {
  double own = kUndefined, exchanged = kUndefined, cycled = kUndefined;  // the last from the reconstruction
  std::vector<double> original = {}, played = {}, changed = {};  // the reconstruction; all exchanged
};

struct Observation {
  std::string clip;
  int sample_rate = 0;
  int hop = 0;     // samples of a latent frame
  int window = 0;  // of descriptors, samples
  std::vector<float> original;
  torch::Tensor latent;          // latent_of the original
  Measured source;               // of the original
  Measured other_window = {};    // the same, by measure_at_other_window
  Trial own;                     // the reconstruction; without curves for a model without controls
  std::vector<Trial> trials;     // all exchanged, then each alone; empty for a model without controls
  std::vector<double> probe_r2;  // of each control, Probe::r2; empty for a model without controls
  std::vector<Trial> transposed = {};  // by each of kTranspositions; empty for a model without pitch among its controls
  PitchTrack pitch = {};               // of the original
  std::vector<Trial> requests = {};    // each gesture on each control, then pools of 1 to 4 and of all controls
  // What all exchanged controls gave, encoded, and decoded with the clip's own controls; empty without controls.
  std::vector<float> cycled = {};
  int bands = 0;  // of the model's filter bank; 0: it has none
  std::vector<double> probe_accuracy = {};  // of each control, Probe::accuracy
  double probe_chance = 0;  // Probe::chance
  HeardByCdpam cdpam = {};  // without the weights: empty
};

constexpr int kTranspositions[] = {-12, -5, 5, 12};  // semitones

// Which control is pitch; as many as there are: none.
size_t pitch_control(const std::vector<Scale>& scales);

// Half the window, and half a hop later: what no training has seen. A model that obeys its loss rather than its
// controls differs here. Of every control but pitch and periodicity, which Swipe measures; their curves are empty.
// As measure_curves.
Measured measure_at_other_window(const std::vector<float>& samples, size_t first, size_t count,
                                 const std::vector<Scale>& scales, Framing framing, int hop);

Sound make_sound(const TrainedModel& trained, const std::string& name, std::vector<float> samples);

// Posterior mean of the clip, silence around it: [1, latent_size, sound.frames].
torch::Tensor latent_of(const TrainedModel& trained, const Sound& sound);

// Decodes the posterior mean in evaluation mode. The model's delay is taken out of its output. Clip and donor have
// silence before and behind them. A donor shorter than the clip is repeated. Windows at the clip's ends see what is
// decoded beyond them. Without a donor no controls are exchanged. A model with pitch among its controls is also asked
// for the clip's own curves with pitch transposed. curves_only: neither that, nor other requests, nor the pitch of
// anything, as of a clip's further donors. Error when the model's output is not finite.
Observation observe(const TrainedModel& trained, const Sound& sound, const Sound* donor,
                    const TrainingCombinations& combinations, bool curves_only = false);

// One trial a control: it rises from its low to its high end across the clip, the others keep the clip's own curves.
std::vector<Trial> sweep(const TrainedModel& trained, const Sound& sound, const TrainingCombinations& combinations);

}  // namespace nr
