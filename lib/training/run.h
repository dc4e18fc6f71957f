// Everything one YAML file says about a run. A run's folder begins with this, resolved.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/value.h"
#include "data/config.h"
#include "descriptors/config.h"
#include "losses/names.h"
#include "models/discriminators.h"
#include "models/model.h"
#include "training/schedule.h"

namespace nr {

// Trains some parts by minimising named terms with weights, in its turns, with Adam. A weight of 0 leaves the term out, and a
// player whose terms are all left out is left out too: so a config drops what the one it extends has.
struct PlayerConfig {
  std::vector<std::string> trains;             // encoder, decoder, latent_discriminator, waveform_discriminator
  std::map<std::string, Schedule> minimises;   // term -> weight
  Schedule lr{1e-4};
  std::vector<double> betas{0.5, 0.9};
  int every = 1;                               // steps of a round ...
  std::vector<int> turns{0};                   // ... in which it plays: when step % every is one of them
  int repeat = 1;                              // optimiser steps a turn, on the same batch; only for players of judges

  template <class V>
  void fields(V& v) {
    v("trains", trains, config::one_of({"encoder", "decoder", "latent_discriminator", "waveform_discriminator"}));
    v("minimises", minimises, config::one_of(loss_names()));
    v("lr", lr);
    v("betas", betas, config::between(0, 0.99999));
    v("every", every, config::at_least(1));
    v("turns", turns, config::at_least(0));
    v("repeat", repeat, config::between(1, 100));
  }
};

// A part that no player of a phase trains is frozen in it: the encoder then runs in evaluation mode, without gradients.
struct PhaseConfig {
  int64_t steps = 0;  // 0 leaves the phase out
  Named<PlayerConfig> players;

  template <class V>
  void fields(V& v) {
    v("steps", steps, config::at_least(0));
    v("players", players);
  }
};

struct TrainingConfig {
  int batch = 8;
  std::vector<int> stft_sizes{2048, 1024, 512, 256, 128};       // samples
  std::vector<int> band_stft_sizes{2048, 1024, 512, 256, 128};  // band samples
  LatentDiscriminatorConfig latent_discriminator;
  WaveformDiscriminatorConfig waveform_discriminator;
  std::string adversarial = "hinge";  // the losses of both its sides
  double feasible_exchanges = 0;  // of the steps that exchange some knobs: the share whose donors are the nearest in the knobs that are held
  Named<PhaseConfig> phases;
  int64_t validate_every = 1000;    // steps
  int validation_batches = 4;
  int64_t checkpoint_every = 1000;  // steps; also at the end of each phase and on Ctrl-C

  template <class V>
  void fields(V& v) {
    v("batch", batch, config::at_least(1));
    v("stft_sizes", stft_sizes, config::between(16, 65536));
    v("band_stft_sizes", band_stft_sizes, config::between(16, 65536));
    v("latent_discriminator", latent_discriminator);
    v("waveform_discriminator", waveform_discriminator);
    v("adversarial", adversarial, config::one_of(adversarial_names()));
    v("feasible_exchanges", feasible_exchanges, config::between(0, 1));
    v("phases", phases);
    v("validate_every", validate_every, config::at_least(1));
    v("validation_batches", validation_batches, config::at_least(1));
    v("checkpoint_every", checkpoint_every, config::at_least(1));
  }
};

struct RunConfig {
  int64_t seed = 1;
  std::string device = "auto";
  DataConfig data;
  DescriptorConfig descriptors;
  ModelConfig model;
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

// Reads and checks, fields against one another too, before any audio is touched.
RunConfig read_run_config(const config::Value& root);

}  // namespace nr
