// A model of a few weights with one control, and its checkpoint.
#pragma once
#include "base/hash.h"
#include "config/writer.h"
#include "nn/checkpoint.h"

namespace nr {

inline RunConfig tiny_run_config(int capacity = 2) {
  RunConfig run;
  RaveConfig model;
  model.bands = 4, model.capacity = capacity, model.ratios = {4, 2}, model.latent_size = 3;
  run.model = model;
  run.data.sample_rate = 22050;
  run.descriptors.controls = {"rms"};
  return run;
}

inline Checkpoint tiny_checkpoint(const RunConfig& run, const Autoencoder& model) {
  Checkpoint checkpoint;
  store(model, "model", checkpoint);
  checkpoint.texts = {{"config", config::dump(run)},
                      {"scales", config::dump(Scales{{{"rms", -40, -3, {-30, -20}}}})},
                      {"graph", hex(model.graphs().hash())},
                      {"step", "1234"}};
  return checkpoint;
}

}  // namespace nr
