#include "evaluation/table.h"

#include <cmath>

#include "evaluation/control.h"
#include "evaluation/interior.h"
#include "evaluation/requests.h"
#include "evaluation/sdr.h"
#include "evaluation/set.h"
#include "evaluation/spectral.h"
#include "evaluation/tuning.h"
#include "evaluation/unasked.h"

namespace nr {
namespace {

using Numbers = std::vector<Number>;
constexpr const char* kOtherPitches = "Plays other pitches than asked";

Numbers spectral(const Observation& o, const std::vector<Scale>&) {
  return {{"", multi_scale_stft(o.original, o.own.audio)}};
}
Numbers mel(const Observation& o, const std::vector<Scale>&) {
  return {{"", log_mel_l1(o.original, o.own.audio, o.sample_rate)}};
}
Numbers lsd(const Observation& o, const std::vector<Scale>&) {
  return {{"", log_spectral_distance(o.original, o.own.audio, o.sample_rate), "dB"}};
}
Numbers power_mel(const Observation& o, const std::vector<Scale>&) {
  return {{"", power_mel_l1(o.original, o.own.audio, o.sample_rate)}};
}
Numbers band_edges(const Observation& o, const std::vector<Scale>&) {
  return {{"", band_edge_level(o.original, o.own.audio, o.bands), "dB"}};
}
Numbers band_edges_exchanged(const Observation& o, const std::vector<Scale>&) {
  return {{"", band_edge_level(o.original, o.trials[0].audio, o.bands), "dB"}};
}
Numbers cycle(const Observation& o, const std::vector<Scale>&) {
  Numbers out;
  if (!o.cycled.empty()) out.push_back({"", log_mel_l1(o.own.audio, o.cycled, o.sample_rate)});
  if (!std::isnan(o.cdpam.cycled)) out.push_back({"CDPAM", o.cdpam.cycled});
  return out;
}
Numbers cdpam(const Observation& o, const std::vector<Scale>&) {
  Numbers out;
  if (!std::isnan(o.cdpam.own)) out.push_back({"", o.cdpam.own});
  if (!std::isnan(o.cdpam.exchanged)) out.push_back({"all exchanged", o.cdpam.exchanged});
  return out;
}
Numbers sdr(const Observation& o, const std::vector<Scale>&) { return {{"", si_sdr(o.original, o.own.audio)}}; }

std::vector<Metric> rows() {
  constexpr auto kHigher = Metric::Better::kHigher, kLower = Metric::Better::kLower,
                 kNeither = Metric::Better::kNeither;
  constexpr auto kNothing = Metric::Needs::kNothing, kControls = Metric::Needs::kControls,
                 kCurves = Metric::Needs::kCurves;
  std::vector<Metric> rows{
      {"in_tune", "In tune", "In tune", "", kHigher, kNothing,
       "Share of the frames with a pitch in which the reconstruction has the same within 50 cents. 0: it plays "
       "other notes, or none.",
       in_tune, nullptr, nullptr, nullptr, 0.5, kOtherPitches},
      {"in_tune_asked", "Trackers agree", "Trackers agree", "", kHigher, kControls,
       "Share of the frames with a pitch in which the pitch that the model is asked for, measured by YIN, is "
       "within 50 cents of the original's, measured by SWIPE'. A model that obeys exactly is in tune in this "
       "share.",
       in_tune_asked},
      {"in_tune_agreed", "In tune where the trackers agree", "In tune, agreed", "", kHigher, kControls,
       "Share of the frames in which the pitch that the model is asked for is the original's, in which the "
       "reconstruction has it too; and the same when it is asked for 12 and 5 semitones lower or higher.",
       in_tune_agreed},
      {"pitch_cents", "Pitch error", "Cents off", "cents", kLower, kNothing,
       "Median distance of the reconstruction's pitch from the original's, where both have one; 100 cents are a "
       "semitone.",
       pitch_cents},
      {"octave_errors", "Octave errors", "Octaves off", "", kLower, kNothing,
       "Share of the frames with a pitch in which the reconstruction plays the right note in another octave.",
       octave_errors},
      {"voicing_f1", "Voicing: F1", "Voicing F1", "", kHigher, kNothing,
       "Has the reconstruction a pitch where the original has one, and only there? 1: exactly.", voicing_f1},
      {"multi_scale_stft", "Multi-scale STFT distance", "MS-STFT", "", kLower, kNothing,
       "How far the reconstruction's spectra lie from the original's at five resolutions; 0 is identical.",
       spectral},
      {"log_mel_l1", "Log-mel L1", "Log-mel L1", "nats", kLower, kNothing,
       "Mean difference over 80 ear-spaced bands; 0.115 nats is 1 dB.", mel},
      {"log_spectral_distance", "Log-spectral distance", "LSD", "dB", kLower, kNothing,
       "Root mean square difference over frequency, floored 80 dB below the clip's maximum.", lsd},
      {"power_mel_l1", "Power-mel L1", "Power-mel L1", "", kLower, kNothing,
       "Of power, not of its logarithm: loud sounds decide it, and it grows with the square of the level. Only for "
       "comparison with neurorave's figures.",
       power_mel},
      {"cdpam", "CDPAM", "CDPAM", "", kLower, kNothing,
       "Distance by a network that was trained on listeners' answers: 0 is the same.", cdpam},
      {"frechet_cdpam", "Fréchet distance of CDPAM's embeddings", "Fréchet, CDPAM", "", kLower, kNothing,
       "The same as the log-mel one by a published network's 512 numbers of each whole sound.", nullptr, nullptr,
       frechet_cdpam_adds, frechet_cdpam},
      {"si_sdr", "SI-SDR", "SI-SDR", "dB", kHigher, kNothing,
       "How exactly the waveform is followed, phase included. Models trained on spectra may shift phase: values "
       "below 0 dB are usual.",
       sdr},
      {"frechet", "Log-mel Fréchet distance", "Fréchet", "nats²", kLower, kNothing,
       "Distance between the distributions of all originals' and all reconstructions' spectra, as Gaussians of "
       "80 log-mel bands. Too soft, too dull or too even sound counts, a shift in time does not. A clip's value is "
       "a pseudo-value: their mean is the distance.",
       nullptr, nullptr, frechet_adds, frechet},
      {"silent_energy", "Level in silence", "In silence", "dB", kLower, kNothing,
       "Level of the reconstruction where the original is below −60 dB.", silent_energy},
      {"band_edges", "Level at the filter bank's band edges", "Band edges", "dB", kLower, kNothing,
       "How much more the reconstruction holds there than around, and than the original: what neighbouring bands alias "
       "if they do not fit one another. A model without a filter bank has none.",
       band_edges},
      {"steady_lines", "Steady line", "Steady line", "dB", kLower, kNothing,
       "The frequency that stands out in all reconstructions most, whatever the note, and how far it stands out "
       "more than in the originals: a drone or a whistle. Below 5 dB it is chance.",
       nullptr, nullptr, steady_lines_adds, steady_lines},
      {"unasked", "Descriptors that are no control: Spearman", "Unasked", "", kHigher, kNothing,
       "Loudness, sharpness, brightness, warmth and booming of the reconstruction against the original's, those that "
       "the model is not asked for: nothing was trained on them.",
       unasked},
      {"frechet_exchanged", "All exchanged: log-mel Fréchet distance", "Fréchet, exchanged", "nats²", kLower,
       kControls,
       "Does what comes out when all controls are another clip's still sound like the recordings? The distance of its "
       "spectra from all originals'.",
       nullptr, nullptr, frechet_exchanged_adds, frechet},
      {"frechet_cdpam_exchanged", "All exchanged: Fréchet distance of CDPAM's embeddings",
       "Fréchet, CDPAM, exchanged", "", kLower, kControls, "Against all originals.", nullptr, nullptr,
       frechet_cdpam_exchanged_adds, frechet_cdpam},
      {"band_edges_exchanged", "All exchanged: level at the filter bank's band edges", "Band edges, exchanged", "dB",
       kLower, kControls, "As of the reconstruction.", band_edges_exchanged},
      {"cycle", "Cycle consistency: log-mel L1", "Cycle", "nats", kLower, kControls,
       "All controls are exchanged, what comes out is encoded and decoded with the clip's own controls again: its "
       "distance from the reconstruction. 0: what the controls change does not reach the latent. Part: by CDPAM, where "
       "its weights are given.",
       cycle},
      {"steady_lines_exchanged", "All exchanged: steady line", "Steady line, exchanged", "dB", kLower, kControls,
       "As of the reconstruction, against the clip's own original.", nullptr, nullptr, steady_lines_exchanged_adds,
       steady_lines},
      {"silent_energy_exchanged", "All exchanged: level in silence", "In silence, exchanged", "dB", kLower, kControls,
       "Level where a level below −60 dB is asked for.", silent_energy_exchanged},
      {"clipped_exchanged", "All exchanged: clipped samples", "Clipped, exchanged", "", kLower, kControls,
       "Share of samples at full scale or beyond.", clipped_exchanged},
      {"in_tune_transposed", "Control, pitch transposed: in tune", "In tune, transposed", "", kHigher, kControls,
       "The clip's own curves, with pitch moved by −12, −5, 5 and 12 semitones: share of frames with a pitch in "
       "which the output plays it, moved as far.",
       in_tune_transposed, nullptr, nullptr, nullptr, 0.5, kOtherPitches},
      {"in_tune_exchanged", "Control, one exchanged: in tune", "In tune, exchanged", "", kHigher, kControls,
       "Another control than pitch is exchanged, each alone; for a model without pitch, all are: does the output "
       "still play the clip's notes?",
       in_tune_exchanged, nullptr, nullptr, nullptr, 0.5, kOtherPitches},
      {"control_pearson_own", "Control, own curves: Pearson", "Pearson, own", "", kHigher, kCurves,
       "The clip keeps its own control curves: does the reconstruction grow louder and brighter where the clip "
       "does? 1: exactly, 0: not at all.",
       pearson_own},
      {"control_spearman_own", "Control, own curves: Spearman", "Spearman, own", "", kHigher, kCurves,
       "The same by rank.", spearman_own},
      {"control_l1_own", "Control, own curves: L1", "L1, own", "position", kLower, kCurves,
       "Mean distance of the reconstruction's descriptors from the clip's, in positions: a control's whole range "
       "is 2.",
       l1_own},
      {"control_interior_spearman_all", "Control, all exchanged, interior: Spearman", "Spearman, all, interior", "",
       kHigher, kCurves,
       "Over the frames whose whole window lies where the request sounds, of all clips together, each clip's curve "
       "minus its mean. The frames beside silence, which say only that a sound begins or ends, are left out.",
       nullptr, nullptr, interior_all_adds, interior_spearman},
      {"control_interior_pearson_all", "Control, all exchanged, interior: Pearson", "Pearson, all, interior", "",
       kHigher, kCurves, "The same by value.", nullptr, nullptr, interior_all_adds, interior_pearson},
      {"control_interior_slope_all", "Control, all exchanged, interior: slope", "Slope, all, interior", "",
       kNeither, kCurves, "Of the measured over the asked: 1 moves as far as asked, 0 not at all.", nullptr, nullptr,
       interior_all_adds, interior_slope},
      {"control_interior_spearman_one", "Control, one exchanged, interior: Spearman", "Spearman, one, interior", "",
       kHigher, kCurves, "One control is exchanged and the others keep the clip's own curves.", nullptr, nullptr,
       interior_one_adds, interior_spearman},
      {"control_interior_pearson_one", "Control, one exchanged, interior: Pearson", "Pearson, one, interior", "",
       kHigher, kCurves, "The same by value.", nullptr, nullptr, interior_one_adds, interior_pearson},
      {"control_interior_slope_one", "Control, one exchanged, interior: slope", "Slope, one, interior", "",
       kNeither, kCurves, "Of the measured over the asked.", nullptr, nullptr, interior_one_adds, interior_slope},
      {"control_other_window_all", "Control, all exchanged, other window: Spearman", "Spearman, all, other window", "",
       kHigher, kCurves,
       "Over interior frames, but asked and measured by half the window and half a hop later, as no loss was. Far "
       "below the same by the training's window: the model pleases its loss and not the ear. Not of pitch.",
       nullptr, nullptr, other_window_all_adds, interior_spearman},
      {"control_other_window_one", "Control, one exchanged, other window: Spearman", "Spearman, one, other window", "",
       kHigher, kCurves, "The same when one control is exchanged.", nullptr, nullptr, other_window_one_adds,
       interior_spearman},
      {"control_pearson_all", "Control, all exchanged: Pearson", "Pearson, all", "", kHigher, kCurves,
       "The clip gets all control curves of another clip: do the descriptors of the output rise and fall as "
       "asked? 1: exactly, 0: not at all. Counted where the other clip sounds.",
       pearson_all},
      {"control_spearman_all", "Control, all exchanged: Spearman", "Spearman, all", "", kHigher, kCurves,
       "The same by rank: 1 for every response that rises with the request, straight or not.", spearman_all},
      {"control_l1_all", "Control, all exchanged: L1", "L1, all", "position", kLower, kCurves,
       "Mean distance of the measured from the asked, in positions: a control's whole range is 2.", l1_all},
      {"control_pearson_one", "Control, one exchanged: Pearson", "Pearson, one", "", kHigher, kCurves,
       "One control is exchanged and the others keep the clip's own curves. Harder: some such combinations exist "
       "in no sound.",
       pearson_one},
      {"control_spearman_one", "Control, one exchanged: Spearman", "Spearman, one", "", kHigher, kCurves,
       "The same by rank.", spearman_one},
      {"control_l1_one", "Control, one exchanged: L1", "L1, one", "position", kLower, kCurves,
       "Mean distance of the measured from the asked when one control is exchanged.", l1_one},
      {"control_gestures", "Control, gestures: Spearman", "Gestures", "", kHigher, kCurves,
       "Steps, a tremolo of 4 Hz and a crescendo, on one control while the others keep the clip's own curves: what "
       "a musician plays, and no training curve is like. Over interior frames.",
       gesture_spearman},
      {"control_pool", "Control, published pool of curves: Pearson", "Pool", "", kHigher, kCurves,
       "Controls follow constants, ramps, sinusoids and blends, as F-RAVE's code draws them. Most of these no "
       "sound has. Parts: how many are exchanged; \"(r + 1) / 2\" over all frames is the published statistic.",
       pool_pearson},
      {"control_movement", "Control, one exchanged: movement, own over others", "Own / others", "", kHigher, kCurves,
       "How much further the exchanged control's descriptor moves than those that should stay; 1: they move alike.",
       movement},
      {"control_leakage", "Leakage: probe R² of the controls from the latent", "Probe R²", "", kLower, kControls,
       "The share of a control's variance that a newly trained network predicts from the latent. A fader aims at "
       "0. A decoder may obey its controls at any value.",
       leakage},
      {"control_class_accuracy", "Leakage: class of a control, read from the latent", "Probe accuracy", "", kLower,
       kControls,
       "Share of the frames in which newly trained networks find a control's class, one of 16 equally frequent in "
       "training, in the latent. Part: chance, by the class most frequent in training.",
       class_accuracy},
      {"control_distance_all", "Distance to training combinations, all exchanged", "Training distance, all",
       "position", kNeither, kControls,
       "Distance from what was asked to the nearest combination of controls in the training data. Near 0: a fair "
       "request.",
       distance_all},
      {"control_distance_one", "Distance to training combinations, one exchanged", "Training distance, one",
       "position", kNeither, kControls,
       "The same when one control is exchanged. Far from 0: no sound of the training data has this combination.",
       distance_one},
      {"control_pearson_all_clips", "All exchanged, means of clips: Pearson", "Pearson, all, clips", "", kHigher,
       kCurves,
       "Correlation across clips of each clip's mean asked and mean measured position. The only correlation for "
       "a model with one latent a note. A clip's value is a pseudo-value: their mean is the correlation.",
       nullptr, means_all},
      {"control_pearson_one_clips", "One exchanged, means of clips: Pearson", "Pearson, one, clips", "", kHigher,
       kCurves, "The same when one control is exchanged.", nullptr, means_one},
      {"control_pearson_all_frames", "All exchanged, all frames: Pearson", "Pearson, all frames", "", kHigher, kCurves,
       "The headline over silent frames too. The step into silence dominates it. Only for comparison with papers "
       "that report it.",
       pearson_all_frames},
      {"control_pearson_one_frames", "One exchanged, all frames: Pearson", "Pearson, one, all frames", "", kHigher,
       kCurves, "One exchanged, over silent frames too.", pearson_one_frames},
  };
  for (const Metric& metric : metrics_of_others()) rows.push_back(metric);
  return rows;
}

}  // namespace

const Table<Metric>& metrics() {
  static const Table<Metric> table{"metric", rows()};
  return table;
}

}  // namespace nr
