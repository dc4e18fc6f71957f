// The part of a trained model that an export ships, and its inputs and output over a sound.
#pragma once
#include "deploy/sound.h"
#include "deploy/weights.h"
#include "graph/graph.h"

namespace nr {

struct ExportPart {
  std::string name;  // "decoder", "whole", "encoder"
  Graph graph;
  Weights weights;
  std::string output;  // of the graph: "audio" or "mean"
  int components = 0;  // principal components that stand for the latent; 0: the latent as it was trained
  int delay = 0;       // samples from sound in to sound out, beyond the stream's own latency
};
ExportPart make_part(const TrainedModel& trained, const std::string& name, int components);

// By port name.
Wires inputs_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound);
// What LibTorch computes of the sound.
torch::Tensor output_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound);

}  // namespace nr
