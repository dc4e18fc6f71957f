#include "evaluation/table.h"

#include "evaluation/control.h"
#include "evaluation/sdr.h"
#include "evaluation/spectral.h"

namespace nr {
namespace {

using Numbers = std::vector<Number>;

Numbers spectral(const Observation& o, const std::vector<Scale>&) { return {{"", multi_scale_stft(o.original, o.own.audio)}}; }
Numbers mel(const Observation& o, const std::vector<Scale>&) { return {{"", log_mel_l1(o.original, o.own.audio, o.sample_rate)}}; }
Numbers sdr(const Observation& o, const std::vector<Scale>&) { return {{"", si_sdr(o.original, o.own.audio)}}; }

}  // namespace

const Table<Metric>& metrics() {
  constexpr auto kHigher = Metric::Better::kHigher, kLower = Metric::Better::kLower, kNeither = Metric::Better::kNeither;
  static const Table<Metric> table{
      "metric",
      {
          {"multi_scale_stft", "Multi-scale STFT distance", "MS-STFT", "", kLower, false,
           "How far the reconstruction's spectra lie from the original's at five resolutions; 0 is identical.", spectral},
          {"log_mel_l1", "Log-mel L1", "Log-mel L1", "nats", kLower, false, "Mean difference over 80 ear-spaced bands; 0.115 nats is 1 dB.",
           mel},
          {"si_sdr", "SI-SDR", "SI-SDR", "dB", kHigher, false,
           "How exactly the waveform is followed, phase included. Models trained on spectra are free to shift phase: values below 0 dB are "
           "usual.",
           sdr},
          {"control_pearson_own", "Control, own knobs: Pearson", "Pearson, own", "", kHigher, true,
           "The clip keeps its own knobs: does the reconstruction grow louder and brighter where the clip does? 1 exactly, 0 not at all.",
           pearson_own},
          {"control_spearman_own", "Control, own knobs: Spearman", "Spearman, own", "", kHigher, true, "The same by rank.", spearman_own},
          {"control_l1_own", "Control, own knobs: L1", "L1, own", "knob", kLower, true,
           "How far the reconstruction's descriptors lie from the clip's; a knob's whole range is 2.", l1_own},
          {"control_pearson_all", "Control, all exchanged: Pearson", "Pearson, all", "", kHigher, true,
           "The clip gets all descriptor curves of another clip: do those of the sound rise and fall as asked? 1 exactly, 0 not at all. "
           "Counted where the asked sound is heard.",
           pearson_all},
          {"control_spearman_all", "Control, all exchanged: Spearman", "Spearman, all", "", kHigher, true,
           "The same by rank: 1 as long as more asked is always more heard, however bent the response.", spearman_all},
          {"control_l1_all", "Control, all exchanged: L1", "L1, all", "knob", kLower, true,
           "How far off the answer is; a knob's whole range is 2.", l1_all},
          {"control_pearson_one", "Control, one exchanged: Pearson", "Pearson, one", "", kHigher, true,
           "One knob is exchanged and the others are held. Harder: some such combinations exist in no sound.", pearson_one},
          {"control_spearman_one", "Control, one exchanged: Spearman", "Spearman, one", "", kHigher, true, "The same by rank.",
           spearman_one},
          {"control_l1_one", "Control, one exchanged: L1", "L1, one", "knob", kLower, true,
           "How far off the answer is when one knob is exchanged.", l1_one},
          {"control_movement", "Control, one exchanged: own over others' movement", "Own / others", "", kHigher, true,
           "How much further the exchanged descriptor moves than those that should stay; 1 means that they move alike.", movement},
          {"control_leakage", "Leakage: what the latent tells of the knobs", "Leakage", "", kLower, true,
           "How much of a descriptor's variance a fresh network reads from the latent. 0 is what a fader asks for; a decoder may obey its knobs "
           "without it.",
           leakage},
          {"control_reach_all", "Asked combinations, all: distance to real ones", "Reach, all", "knob", kNeither, true,
           "How far what was asked lies from the nearest combination heard in training. Near 0: a fair request.", reach_all},
          {"control_reach_one", "Asked combinations, one: distance to real ones", "Reach, one", "knob", kNeither, true,
           "The same when one knob is exchanged. Far from 0: no sound of the training set has this combination.", reach_one},
          {"control_pearson_all_clips", "All exchanged, means of clips: Pearson", "Pearson, all, clips", "", kHigher, true,
           "Is a clip that is asked for more on average the one that gives more? Across clips, not within one: all that there is for a model "
           "with one latent a note. A clip's value is a pseudo-value: their mean is the correlation.",
           nullptr, means_all},
          {"control_pearson_one_clips", "One exchanged, means of clips: Pearson", "Pearson, one, clips", "", kHigher, true,
           "The same when one knob is exchanged.", nullptr, means_one},
          {"control_pearson_all_frames", "All exchanged, all frames: Pearson", "Pearson, all frames", "", kHigher, true,
           "The headline over silence as well, whose depth outweighs every knob. Only for comparison with papers that report it.",
           pearson_all_frames},
          {"control_pearson_one_frames", "One exchanged, all frames: Pearson", "Pearson, one, all frames", "", kHigher, true,
           "One exchanged, over silence as well.", pearson_one_frames},
      }};
  return table;
}

}  // namespace nr
