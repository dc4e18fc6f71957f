// Everything that one YAML file says about a run. A run's folder and its checkpoints hold this, resolved.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/checks.h"
#include "descriptors/config.h"
#include "models/discriminators.h"
#include "models/model.h"
#include "run/data.h"
#include "run/mmd.h"
#include "run/names.h"
#include "run/schedule.h"

namespace nr {

// Adam over the parameters of some parts. It minimises the weighted sum of named losses. A loss of weight 0 is left
// out. An optimiser whose losses are all left out is left out too, so that a config can drop what the config it extends
// has.
struct OptimiserConfig {
  std::vector<std::string> parts;          // of the system: encoder, decoder, latent_discriminator, ...
  std::map<std::string, Schedule> losses;  // name -> weight
  Schedule lr{1e-4};
  std::vector<double> betas{0.5, 0.9};
  int every = 1;                 // period in steps
  std::vector<int> offsets{0};   // steps of the period in which it updates: those where step % every is one of them
  int repeat = 1;  // updates a step, on the same batch; only of parts that no value of the step is computed by
  double clip = 0;  // the largest norm of all its gradients together: larger ones are scaled to it; 0: any

  template <class V>
  void fields(V& v) {
    v("parts", parts);
    v("losses", losses, config::one_of(loss_names()));
    v("lr", lr);
    v("betas", betas, config::between(0, 0.99999));
    v("every", every, config::at_least(1));
    v("offsets", offsets, config::at_least(0));
    v("repeat", repeat, config::between(1, 100));
    v("clip", clip, config::at_least(0));
  }
};

// A part that no optimiser of a phase trains is frozen in it.
struct PhaseConfig {
  int64_t steps = 0;  // 0 leaves the phase out
  Named<OptimiserConfig> optimisers;

  template <class V>
  void fields(V& v) {
    v("steps", steps, config::at_least(0));
    v("optimisers", optimisers);
  }
};

struct TrainingConfig {
  int batch = 8;
  std::vector<int> stft_sizes{2048, 1024, 512, 256, 128};       // samples
  std::vector<int> band_stft_sizes{2048, 1024, 512, 256, 128};  // band samples
  LatentDiscriminatorConfig latent_discriminator;
  WaveformDiscriminatorConfig waveform_discriminator;
  std::string adversarial = "hinge";  // the losses of both sides
  MmdConfig mmd;
  // Of the steps that exchange some controls: the share whose donors are the clips nearest in the controls that are
  // held.
  double feasible_exchanges = 0;
  double transpose = 1;  // octaves up or down by which exchanged requests move the pitch of a model with an excitation
  Named<PhaseConfig> phases;
  int64_t validate_every = 1000;  // steps
  int validation_batches = 4;
  int64_t checkpoint_every = 1000;  // steps; also at the end of each phase and on Ctrl-C
  int keep = 0;  // the last of these checkpoints that stay beside `last`, as step_<number>.safetensors
  // Share that a step leaves of the weights' moving average, such as 0.999; 0: none. With it, the average is what is
  // validated, surveyed and stored as the model, and what a part is frozen at.
  double ema = 0;
  bool tensorboard = true;  // event files in the run's folder
  // A run of one config, seed and kind of processor gives the same bits on any number of threads. It costs the other
  // threads: on the CPU LibTorch's sums depend on their number, so one computes. On a device LibTorch's deterministic
  // algorithms are used, and it warns of an operator that has none.
  bool deterministic = false;
  // "bf16": networks of the RAVE family and discriminators compute convolutions in bfloat16 while they train, after
  // nn/autocast.h. Weights, optimisers, losses, the filter bank and validation stay in float32.
  std::string autocast = "off";
  // Of a device, for speed; measured on none. TF32 for matrix products too (convolutions have it anyway); cuDNN tries
  // its algorithms of each size and keeps the fastest, which are not the same in every run.
  bool tf32 = false;
  bool autotune = false;

  template <class V>
  void fields(V& v) {
    v("batch", batch, config::at_least(1));
    v("stft_sizes", stft_sizes, config::between(16, 65536));
    v("band_stft_sizes", band_stft_sizes, config::between(16, 65536));
    v("latent_discriminator", latent_discriminator);
    v("waveform_discriminator", waveform_discriminator);
    v("adversarial", adversarial, config::one_of(adversarial_names()));
    v("mmd", mmd);
    v("feasible_exchanges", feasible_exchanges, config::between(0, 1));
    v("transpose", transpose, config::between(0, 4));
    v("phases", phases);
    v("validate_every", validate_every, config::at_least(1));
    v("validation_batches", validation_batches, config::at_least(1));
    v("checkpoint_every", checkpoint_every, config::at_least(1));
    v("keep", keep, config::between(0, 100000));
    v("ema", ema, config::between(0, 0.999999));
    v("tensorboard", tensorboard);
    v("deterministic", deterministic);
    v("autocast", autocast, config::one_of({"off", "bf16"}));
    v("tf32", tf32);
    v("autotune", autotune);
  }
};

struct RunConfig {
  int64_t seed = 1;
  std::string device = "auto";
  DataConfig data;
  DescriptorConfig descriptors;
  ModelConfig model;  // its type says which system is trained
  TrainingConfig training;

  template <class V>
  void fields(V& v) {
    v("seed", seed, config::at_least(0));
    v("device", device, config::one_of({"auto", "cpu", "cuda"}));
    v("data", data);
    v("descriptors", descriptors);
    v("model", model);
    v("training", training);
  }
};

}  // namespace nr
