// What an export ships of a run, and what it is calibrated on and scored with.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "deploy/deploy.h"
#include "deploy/part.h"
#include "deploy/shipment.h"

namespace nr {

struct ExportSource {
  virtual ~ExportSource() = default;
  // By the names of the graph's inputs, which take every wire of it to its extremes.
  virtual Wires calibration() const = 0;
  // What is scored, as the program reads it, and what LibTorch makes of it.
  struct Scored {
    Wires inputs;
    torch::Tensor output;
  };
  virtual Scored scored(const Lowered& program) const = 0;

  std::string part;  // "decoder", "whole", "encoder"
  int64_t step = 0;
  int sample_rate = 0;  // Hz
  Graph graph;
  Weights weights;
  std::string output;              // of the graph
  int delay = 0;                   // samples from in to out, beyond the stream's own latency
  std::vector<Control> controls;   // of the part: Shipment::controls
  WholeModel model;
  int components = 0, latent_size = 0;  // components: principal ones, for the latent; 0: it is as it was trained
  double fidelity = 1;                  // share of its variance that they hold
  std::string calibrated_on, scored_on;
  std::vector<std::string> notes;  // more lines for the file
};

// Of the run that the config names. Error when it cannot be read, or there is nothing to calibrate on.
std::unique_ptr<ExportSource> open_source(const ExportConfig& config);
// The decoder from a latent to a synthesizer's parameters, of a run that infers them.
std::unique_ptr<ExportSource> parameter_source(const ExportConfig& config, const Checkpoint& checkpoint);

}  // namespace nr
