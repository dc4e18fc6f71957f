// A system is what one run trains: its parts, and how a batch becomes the values that losses read. The trainer, the
// losses and the config's check know no more of it than this. systems/table.cpp has a row for each.
//
// Names of values (n: batch, frames: latent frames):
//   batch.audio, batch.wet                           [n, 1, samples]
//   batch.controls, batch.classes                    [n, controls, frames]
//   batch.active                                     [n, frames]
//   batch.labels.<group>                             [n, classes]
//   batch.parameters, batch.parameter_mask           [n, parameters]
//   batch.tags                                       [n, tags]
//   batch.draws                                      [n, draws]
//   target.bands, target.audio; target.mel           what RAVE's and a mel VAE's decoded sound is compared with
//   posterior.mean, posterior.std, latent            [n, latent_size, frames]
//   decoded.bands, decoded.audio; decoded.mel        as their targets
//   exchanged.controls, exchanged.active             [m, controls, frames]: requests with another clip's controls
//   exchanged.audio                                  [m, 1, samples]
//   <decoded or exchanged>.descriptors, .aperiodicity: losses/measured.h
//   tokens                                           [n, controls + latent_size, frames]: what a prior models
// of a synthesizer's parameters (systems/synthesizer.h; one latent frame a note):
//   condition                                        [n, width]: what the regressor reads
//   latent.base, latent.log_det                      before a posterior flow [n, latent_size, 1]; [n]: of the flow
//   latent.encoded, disentangled.log_det             before a disentangling flow [n, latent_size, 1]; [n]: of the flow
//   disentangled.deviation                           [2, tags]: where a tag is -1; where it is 1
//   parameters.positions, inferred.positions         [n, parameters] in [0, 1]
//   parameters.continuous, inferred.continuous       [n, continuous]: the same of those that are continuous
//   parameters.continuous_mask; inferred.deviation   [n, continuous]; [continuous]: of a regression flow
//   inferred.target_deviation, inferred.deviation_kl [continuous]; []: where deviations are variational
//   inferred.amortisation_kl []: where the flow's weights are
//   inferred.choice_nats, inferred.log_det           []: of integers and choices; [n]: of a regression flow
//   velocity.given, .wanted, .mask                   [n, continuous + levels]: of flow matching
//   velocity.assignment                              [tokens, continuous + levels]: how a token reads the parameters
// of notes (systems/wae.h; one latent frame a note):
//   condition                                        [n, classes of all conditions]: what the decoder is given
//   exchanged.condition, exchanged.mel               the notes' latents decoded with the conditions of other notes
// of effects (systems/effects.h; one latent frame a sound; both: n dry sounds, then n wet ones):
//   batch.gain                                       [n]: decibels of level-matching
//   dry.mel, wet.mel                                 [n, mels, frames]
//   effect                                           [n, width]: which effect it is and how it is set
//   encoded.mel, target.mel                          what is encoded, and what decoded.mel is compared with
//   shift, shift.asked                               [n, latent_size], [n, reserved]: from dry to wet; the map's
//   moved.mel                                        the dry sounds' latents moved by the map, decoded
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "data/loader.h"
#include "losses/table.h"
#include "nn/safetensors.h"
#include "run/run.h"

namespace nr {

// What a system asks of the data.
struct DataNeeds {
  DataConfig data;
  DescriptorConfig descriptors;
  int hop = 1;                               // samples of a latent frame: crops begin and end at multiples of it
  Ranges ranges = {};                        // of controls that are not scaled by the training split
  std::optional<std::vector<Scale>> scales;  // of the controls; without: fitted on the training split
  bool whole = false;                        // an example is one clip from its start, cut or padded to data.segment
};

class System {
 public:
  virtual ~System() = default;

  const Parts& parts() const { return parts_; }
  virtual DataNeeds needs() const = 0;
  virtual const LossSettings& settings() const = 0;
  // Called once, before the first batch, with the scales of the controls that the run uses.
  virtual void set_scales(const std::vector<Scale>&) {}
  // Called before the first step of a new run: for what is measured on training batches and stays.
  virtual void begin(Loader&) {}

  // The parts that learn are set to training mode and the frozen ones to evaluation mode; empty: all of them to
  // evaluation mode.
  virtual void set_mode(const std::set<std::string>& learning) = 0;
  // Adds the producers of this step's values. All chance is drawn from `random` and from torch's seeded generator.
  virtual void produce(const Batch& batch, Random& random, Values& values) = 0;

  // At every checkpoint: what is known of it beyond its losses, numbers for the journal.
  virtual std::map<std::string, double> survey(Loader&) { return {}; }
  virtual const char* selected_by()
      const = 0;  // the loss whose lowest validation value selects a phase's best checkpoint
  virtual std::vector<std::string> watched() const { return {}; }  // losses that nothing minimises, for the journal
  // More of these, in validation only: too slow for a step of training.
  virtual std::vector<std::string> validated() const { return {}; }
  virtual std::vector<std::string> shown() const { return {selected_by()}; }  // losses of the progress line
  virtual std::vector<std::string> describe() const = 0;                    // lines for the log

  virtual std::string fingerprint() const = 0;       // a checkpoint of another one is refused
  virtual void store(Checkpoint& checkpoint) const = 0;
  virtual void restore(const Checkpoint& checkpoint) = 0;
  void to(torch::Device device);

 protected:
  torch::Device device_ = torch::kCPU;
  Parts parts_;
};

// Adds the batch's tensors, those that there are, by the names above.
void add_batch(const Batch& batch, Values& values);

// Of the run that lies, or will lie, in `folder`. Error when the config asks for what cannot be built.
std::unique_ptr<System> make_system(const RunConfig& config, const std::filesystem::path& folder);

}  // namespace nr
