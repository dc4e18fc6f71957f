// The part of a trained model that an export ships, and its inputs and output over a sound.
#pragma once
#include "deploy/sound.h"
#include "deploy/weights.h"
#include "graph/graph.h"

namespace nr {

struct ExportPart {
  std::string name;  // "decoder", "whole", "encoder"
  Graph graph;
  ModelGraphs graphs;   // that it is one of
  Weights weights;      // of encoder and decoder
  std::string output;  // of the graph: "audio" or "mean"
  int components = 0;  // principal components that stand for the latent; 0: the latent as it was trained
  int delay = 0;       // samples from sound in to sound out, beyond the stream's own latency
};
ExportPart make_part(const TrainedModel& trained, const std::string& name, int components);

// The sound with its pitch as the program reads it. An integer program knows a pitch in steps of a cent or so, and the
// phase of two pitches that differ by that much drifts apart: no error of the network's.
TestSound as_heard_by(const Lowered& program, const TrainedModel& trained, TestSound sound);

// By port name.
Wires inputs_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound);
// What LibTorch computes of the sound.
torch::Tensor output_of(const ExportPart& part, const TrainedModel& trained, const TestSound& sound);

}  // namespace nr
