#include "evaluation/table.h"

#include "evaluation/control.h"
#include "evaluation/interior.h"
#include "evaluation/requests.h"
#include "evaluation/sdr.h"
#include "evaluation/set.h"
#include "evaluation/spectral.h"
#include "evaluation/tuning.h"

namespace nr {
namespace {

using Numbers = std::vector<Number>;
constexpr const char* kOtherPitches = "plays other pitches than asked";

Numbers spectral(const Observation& o, const std::vector<Scale>&) {
  return {{"", multi_scale_stft(o.original, o.own.audio)}};
}
Numbers mel(const Observation& o, const std::vector<Scale>&) {
  return {{"", log_mel_l1(o.original, o.own.audio, o.sample_rate)}};
}
Numbers sdr(const Observation& o, const std::vector<Scale>&) { return {{"", si_sdr(o.original, o.own.audio)}}; }

}  // namespace

const Table<Metric>& metrics() {
  constexpr auto kHigher = Metric::Better::kHigher, kLower = Metric::Better::kLower,
                 kNeither = Metric::Better::kNeither;
  static const Table<Metric> table{
      "metric",
      {
          {"in_tune", "In tune", "In tune", "", kHigher, false,
           "Share of the frames with a pitch in which the reconstruction has the same within 50 cents. 0: it plays "
           "other notes, or none.",
           in_tune, nullptr, nullptr, nullptr, 0.5, kOtherPitches},
          {"in_tune_asked", "Trackers agree", "Trackers agree", "", kHigher, true,
           "Share of the frames with a pitch in which the pitch that the model is asked for, measured by YIN, is "
           "within 50 cents of the original's, measured by SWIPE'. A model that obeys exactly is in tune in this "
           "share.",
           in_tune_asked},
          {"in_tune_agreed", "In tune where the trackers agree", "In tune, agreed", "", kHigher, true,
           "Share of the frames in which the pitch that the model is asked for is the original's, in which the "
           "reconstruction has it too; and the same when it is asked for 12 and 5 semitones lower or higher.",
           in_tune_agreed},
          {"pitch_cents", "Pitch error", "Cents off", "cents", kLower, false,
           "Median distance of the reconstruction's pitch from the original's, where both have one; 100 cents are a "
           "semitone.",
           pitch_cents},
          {"octave_errors", "Octave errors", "Octaves off", "", kLower, false,
           "Share of the frames with a pitch in which the reconstruction plays the right note in another octave.",
           octave_errors},
          {"voicing_f1", "Voicing: F1", "Voicing F1", "", kHigher, false,
           "Has the reconstruction a pitch where the original has one, and only there? 1: exactly.", voicing_f1},
          {"multi_scale_stft", "Multi-scale STFT distance", "MS-STFT", "", kLower, false,
           "How far the reconstruction's spectra lie from the original's at five resolutions; 0 is identical.",
           spectral},
          {"log_mel_l1", "Log-mel L1", "Log-mel L1", "nats", kLower, false,
           "Mean difference over 80 ear-spaced bands; 0.115 nats is 1 dB.", mel},
          {"si_sdr", "SI-SDR", "SI-SDR", "dB", kHigher, false,
           "How exactly the waveform is followed, phase included. Models trained on spectra may shift phase: values "
           "below 0 dB are usual.",
           sdr},
          {"frechet", "Log-mel Fréchet distance", "Fréchet", "nats²", kLower, false,
           "Distance between the distributions of all originals' and all reconstructions' spectra, as Gaussians of "
           "80 log-mel bands. Too soft, too dull or too even sound counts, a shift in time does not. A clip's value is "
           "a pseudo-value: their mean is the distance.",
           nullptr, nullptr, frechet_adds, frechet},
          {"silent_energy", "Level in silence", "In silence", "dB", kLower, false,
           "Level of the reconstruction where the original is below −60 dB.", silent_energy},
          {"steady_lines", "Steady line", "Steady line", "dB", kLower, false,
           "The frequency that stands out in all reconstructions most, whatever the note, and how far it stands out "
           "more than in the originals: a drone or a whistle. Below 5 dB it is chance.",
           nullptr, nullptr, steady_lines_adds, steady_lines},
          {"in_tune_transposed", "Control, pitch transposed: in tune", "In tune, transposed", "", kHigher, true,
           "The clip's own curves, with pitch moved by −12, −5, 5 and 12 semitones: share of frames with a pitch in "
           "which the output plays it, moved as far.",
           in_tune_transposed, nullptr, nullptr, nullptr, 0.5, kOtherPitches},
          {"in_tune_exchanged", "Control, one exchanged: in tune", "In tune, exchanged", "", kHigher, true,
           "Another control than pitch is exchanged, each alone; for a model without pitch, all are: does the output "
           "still play the clip's notes?",
           in_tune_exchanged, nullptr, nullptr, nullptr, 0.5, kOtherPitches},
          {"control_pearson_own", "Control, own curves: Pearson", "Pearson, own", "", kHigher, true,
           "The clip keeps its own control curves: does the reconstruction grow louder and brighter where the clip "
           "does? 1: exactly, 0: not at all.",
           pearson_own},
          {"control_spearman_own", "Control, own curves: Spearman", "Spearman, own", "", kHigher, true,
           "The same by rank.", spearman_own},
          {"control_l1_own", "Control, own curves: L1", "L1, own", "position", kLower, true,
           "Mean distance of the reconstruction's descriptors from the clip's, in positions: a control's whole range "
           "is 2.",
           l1_own},
          {"control_interior_spearman_all", "Control, all exchanged, interior: Spearman", "Spearman, all, interior", "",
           kHigher, true,
           "Over the frames whose whole window lies where the request sounds, of all clips together, each clip's curve "
           "minus its mean. The frames beside silence, which say only that a sound begins or ends, are left out.",
           nullptr, nullptr, interior_all_adds, interior_spearman},
          {"control_interior_pearson_all", "Control, all exchanged, interior: Pearson", "Pearson, all, interior", "",
           kHigher, true, "The same by value.", nullptr, nullptr, interior_all_adds, interior_pearson},
          {"control_interior_slope_all", "Control, all exchanged, interior: slope", "Slope, all, interior", "",
           kNeither, true, "Of the measured over the asked: 1 moves as far as asked, 0 not at all.", nullptr, nullptr,
           interior_all_adds, interior_slope},
          {"control_interior_spearman_one", "Control, one exchanged, interior: Spearman", "Spearman, one, interior", "",
           kHigher, true, "One control is exchanged and the others keep the clip's own curves.", nullptr, nullptr,
           interior_one_adds, interior_spearman},
          {"control_interior_pearson_one", "Control, one exchanged, interior: Pearson", "Pearson, one, interior", "",
           kHigher, true, "The same by value.", nullptr, nullptr, interior_one_adds, interior_pearson},
          {"control_interior_slope_one", "Control, one exchanged, interior: slope", "Slope, one, interior", "",
           kNeither, true, "Of the measured over the asked.", nullptr, nullptr, interior_one_adds, interior_slope},
          {"control_pearson_all", "Control, all exchanged: Pearson", "Pearson, all", "", kHigher, true,
           "The clip gets all control curves of another clip: do the descriptors of the output rise and fall as "
           "asked? 1: exactly, 0: not at all. Counted where the other clip sounds.",
           pearson_all},
          {"control_spearman_all", "Control, all exchanged: Spearman", "Spearman, all", "", kHigher, true,
           "The same by rank: 1 for every response that rises with the request, straight or not.", spearman_all},
          {"control_l1_all", "Control, all exchanged: L1", "L1, all", "position", kLower, true,
           "Mean distance of the measured from the asked, in positions: a control's whole range is 2.", l1_all},
          {"control_pearson_one", "Control, one exchanged: Pearson", "Pearson, one", "", kHigher, true,
           "One control is exchanged and the others keep the clip's own curves. Harder: some such combinations exist "
           "in no sound.",
           pearson_one},
          {"control_spearman_one", "Control, one exchanged: Spearman", "Spearman, one", "", kHigher, true,
           "The same by rank.", spearman_one},
          {"control_l1_one", "Control, one exchanged: L1", "L1, one", "position", kLower, true,
           "Mean distance of the measured from the asked when one control is exchanged.", l1_one},
          {"control_gestures", "Control, gestures: Spearman", "Gestures", "", kHigher, true,
           "Steps, a tremolo of 4 Hz and a crescendo, on one control while the others keep the clip's own curves: what "
           "a musician plays, and no training curve is like. Over interior frames.",
           gesture_spearman},
          {"control_pool", "Control, published pool of curves: Pearson", "Pool", "", kHigher, true,
           "Controls follow constants, ramps, sinusoids and blends, as F-RAVE's code draws them. Most of these no "
           "sound has. Parts: how many are exchanged; \"(r + 1) / 2\" over all frames is the published statistic.",
           pool_pearson},
          {"control_movement", "Control, one exchanged: movement, own over others", "Own / others", "", kHigher, true,
           "How much further the exchanged control's descriptor moves than those that should stay; 1: they move alike.",
           movement},
          {"control_leakage", "Leakage: probe R² of the controls from the latent", "Probe R²", "", kLower, true,
           "The share of a control's variance that a newly trained network predicts from the latent. A fader aims at "
           "0. A decoder may obey its controls at any value.",
           leakage},
          {"control_distance_all", "Distance to training combinations, all exchanged", "Training distance, all",
           "position", kNeither, true,
           "Distance from what was asked to the nearest combination of controls in the training data. Near 0: a fair "
           "request.",
           distance_all},
          {"control_distance_one", "Distance to training combinations, one exchanged", "Training distance, one",
           "position", kNeither, true,
           "The same when one control is exchanged. Far from 0: no sound of the training data has this combination.",
           distance_one},
          {"control_pearson_all_clips", "All exchanged, means of clips: Pearson", "Pearson, all, clips", "", kHigher,
           true,
           "Correlation across clips of each clip's mean asked and mean measured position. The only correlation for "
           "a model with one latent a note. A clip's value is a pseudo-value: their mean is the correlation.",
           nullptr, means_all},
          {"control_pearson_one_clips", "One exchanged, means of clips: Pearson", "Pearson, one, clips", "", kHigher,
           true, "The same when one control is exchanged.", nullptr, means_one},
          {"control_pearson_all_frames", "All exchanged, all frames: Pearson", "Pearson, all frames", "", kHigher, true,
           "The headline over silent frames too. The step into silence dominates it. Only for comparison with papers "
           "that report it.",
           pearson_all_frames},
          {"control_pearson_one_frames", "One exchanged, all frames: Pearson", "Pearson, one, all frames", "", kHigher,
           true, "One exchanged, over silent frames too.", pearson_one_frames},
          {"prior_nats", "Prior: minus log-likelihood", "Nats", "nats", kLower, false,
           "Of each next level, given all that comes before it; a dimension and frame. Below the next row: the prior "
           "has "
           "learned how controls and latents continue.",
           nullptr},
          {"prior_marginal_nats", "Prior without memory", "Nats, no memory", "nats", kNeither, false,
           "What each dimension's histogram of the training split gives: the floor.", nullptr},
          {"parameter_mse_n", "Parameters: MSE over their mean square", "MSE_n", "", kLower, false,
           "Of positions in [0, 1], over the mean square of the test split's. A parameter that cannot be heard in a "
           "sound does not count.",
           nullptr},
          {"parameter_l1", "Parameters: mean error", "L1", "position", kLower, false,
           "A parameter's whole range is 1.", nullptr},
          {"resynthesis_sc", "Rendered again: spectral convergence", "SC", "", kLower, false,
           "|M − N| over |M| of mel powers: 1 is what silence gives.", nullptr},
          {"resynthesis_mse", "Rendered again: MSE of mel powers", "MSE", "", kLower, false,
           "Of sound at full scale 1. Loud notes weigh most.", nullptr},
          {"resynthesis_lm", "Rendered again: log-magnitude", "LM", "", kLower, false,
           "Summed |ln M − ln N| over summed |ln M| of mel powers.", nullptr},
          {"resynthesis_mss", "Rendered again: multi-scale spectrum", "MSS", "dB", kLower, false,
           "Mean difference of mel bands at windows of 10, 25 and 100 ms.", nullptr},
          {"resynthesis_wmfcc", "Rendered again: warped MFCC", "wMFCC", "", kLower, false,
           "Mean difference of 20 MFCC along the best time warping.", nullptr},
          {"resynthesis_sot", "Rendered again: spectral optimal transport", "SOT", "", kLower, false,
           "How far energy must move along frequency; half the sample rate is 1.", nullptr},
          {"resynthesis_rms", "Rendered again: cosine of envelopes", "RMS", "", kHigher, false,
           "1: the level rises and falls as it should.", nullptr},
          {"reconstruction_sc", "Decoder's spectrogram: spectral convergence", "SC, decoder", "", kLower, false,
           "The autoencoder's own spectrogram, without the synthesizer.", nullptr},
          {"note_rmse", "Note, reconstructed: RMSE", "RMSE", "", kLower, false,
           "Of the spectrogram as the networks see it, from -1 to 1.", nullptr},
          {"note_lsd", "Note, reconstructed: log-spectral distance", "LSD", "dB", kLower, false,
           "Root mean square difference over mel bands, floored 80 dB below the note's maximum.", nullptr},
          {"note_sc", "Note, reconstructed: spectral convergence", "SC", "", kLower, false,
           "|M − N| over |M| of mel magnitudes: 1 is what silence gives.", nullptr},
          {"note_sc_sound", "Note's sound, analysed again: spectral convergence", "SC, sound", "", kLower, false,
           "The same after the reconstruction was made to sound by Griffin-Lim, or by a vocoder (part).", nullptr},
          {"note_on", "From a key to a note's sound", "Note-on", "ms", kLower, false,
           "Processor time of decoder and Griffin-Lim, or a vocoder (part), for one whole note.", nullptr},
          {"latent_mmd", "Latents: distance to the prior", "MMD", "", kLower, false,
           "Maximum mean discrepancy (RBF, biased) of the test notes' latents and as many draws of N(0, 1). Part: of "
           "two such sets of draws, which is chance.",
           nullptr},
          {"probe_semitone", "Latents: semitone, read by new classifiers", "Probe, semitone", "", kNeither, false,
           "Share of the test notes whose semitone five newly trained networks read in the latent. A fader aims at "
           "chance.",
           nullptr},
          {"probe_octave", "Latents: octave, read by new classifiers", "Probe, octave", "", kNeither, false,
           "The same of the octave.", nullptr},
          {"probe_style", "Latents: style, read by new classifiers", "Probe, style", "", kLower, false,
           "The same of the instrument or the way of playing. What is not in the latent must come from the condition.",
           nullptr},
          {"control_semitone", "Control: semitone", "Control, semitone", "", kHigher, false,
           "Notes of drawn latents, octaves 3 and 4: share in which the classifier of recorded notes hears the "
           "semitone asked for. Of recorded notes: how often it is right.",
           nullptr},
          {"control_octave", "Control: octave", "Control, octave", "", kHigher, false, "The same of the octave.",
           nullptr},
          {"control_style", "Control: style", "Control, style", "", kHigher, false,
           "The same of the instrument or the way of playing.", nullptr},
          {"mixing", "Mixing two styles", "Mixing", "", kHigher, false,
           "Spearman's correlation of a style's weight, from 0 to 1, and the classifier's belief in it; mean over "
           "pairs of styles.",
           nullptr},
          {"effect_wet_sc", "Wet sound from the dry one: spectral convergence", "SC, wet", "", kLower, false,
           "The effect is given. |M − N| over |M| of mel magnitudes: 1 is what silence gives. Of the dry sound itself: "
           "what the effect changes.",
           nullptr},
          {"effect_wet_lsd", "Wet sound from the dry one: log-spectral distance", "LSD, wet", "dB", kLower, false,
           "Root mean square difference over mel bands, floored 80 dB below the sound's maximum.", nullptr},
          {"effect_dry_sc", "Effect taken off: spectral convergence", "SC, dry", "", kLower, false,
           "The dry sound from the wet one, effect and parameters given.", nullptr},
          {"effect_dry_lsd", "Effect taken off: log-spectral distance", "LSD, dry", "dB", kLower, false, "The same.",
           nullptr},
          {"effect_knob", "Knob: brightness follows the true effect", "Knob", "", kHigher, false,
           "A knob is moved through its range: Spearman's correlation of the decoded sound's brightness with that of "
           "the effect itself. Parts: of the knob with either, and with what a model infers.",
           nullptr},
          {"effect_kind", "Effect found in the wet sound", "Effect found", "", kHigher, false,
           "Share of the wet sounds whose effect, or whole chain, is inferred. Part F1: macro F1.", nullptr},
          {"effect_si_sdr", "Effect applied again: SI-SDR", "SI-SDR", "dB", kHigher, false,
           "The dry sound behind what was inferred, against the wet sound, phase included.", nullptr},
          {"effect_neighbours", "Latents: same effect among ten neighbours", "Neighbours", "", kHigher, false,
           "Among a wet sound's nearest latents of other clips, the share behind the same effect. Chance: with the "
           "effects shuffled.",
           nullptr},
          {"effect_cosine", "Movement from dry to wet: cosine, same setting", "Cosine", "", kHigher, false,
           "Do two clips' latents move the same way when the same setting is put on them? Part: by other settings.",
           nullptr},
          {"effect_movement_r2", "Movement from dry to wet: R² of parameters", "R², movement", "", kHigher, false,
           "How well a linear probe of training pairs reads the effect's parameters in the movement. 0: the mean.",
           nullptr},
          {"effect_probe_r2", "Wet latents: R² of parameters", "R², wet", "", kHigher, false,
           "The same from the wet sound's latent alone.", nullptr},
          {"effect_leakage", "Movement outside the reserved dimensions", "Leakage", "", kLower, false,
           "Share of a movement's squared length. Part: where all dimensions move alike.", nullptr},
          {"effect_note_kept", "Note kept", "Note kept", "", kHigher, false,
           "Share of the wet sounds whose nearest dry latent, without reserved dimensions, is of their own clip.",
           nullptr},
          {"digit_bound", "Digits: lower bound of the likelihood", "Bound", "nats", kHigher, false,
           "Minus reconstruction and KL, of a test digit. Of the mean digit: every pixel by itself.", nullptr},
          {"digit_reconstruction", "Digits: reconstruction", "Reconstruction", "nats", kLower, false,
           "Minus the log-likelihood of the pixels, given a draw of the latent.", nullptr},
          {"digit_kl", "Digits: KL", "KL", "nats", kNeither, false, "What the latent says of a digit.", nullptr},
          {"active_units", "Active units", "Active", "", kNeither, false,
           "Dimensions of the latent whose mean varies over the test digits by more than 0.01.", nullptr},
          {"vocoder_sc", "Vocoder: spectral convergence", "SC", "dB", kLower, false,
           "|A − B| over |A| of STFT magnitudes: 0 dB is what silence gives.", nullptr},
          {"vocoder_lsd", "Vocoder: log-spectral distance", "LSD", "dB", kLower, false,
           "Root mean square difference over bins, floored 80 dB below the recording's maximum.", nullptr},
          {"vocoder_mss", "Vocoder: multi-scale spectrum", "MSS", "dB", kLower, false,
           "Mean difference of mel bands at windows of 10, 25 and 100 ms.", nullptr},
          {"vocoder_speed", "Vocoder: times faster than it sounds", "Speed", "", kHigher, false,
           "Seconds of sound a second of processor time.", nullptr},
      }};
  return table;
}

}  // namespace nr
