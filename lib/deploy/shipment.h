// What an export ships, before it is written in any form.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "deploy/play.h"
#include "descriptors/descriptor.h"
#include "graph/graph.h"
#include "models/model.h"
#include "nn/prior.h"

namespace nr {

struct Control {
  std::string name, unit;
  double low = 0, high = 1;  // physical
  int warp = 0;              // of nr_control
};

// The first ticks of the scored sound in the program's own numbers, and what streaming them from reset must give: see
// nr_model.
struct TestVector {
  int ticks = 0;
  // One an input, float or int16; empty for the input named "noise", which the stream draws.
  std::vector<NumberTable> loop;
  uint32_t checksum = 0;      // of an integer program
  std::vector<float> probes;  // of a float program
};

// For targets that hold encoder, decoder and whole, whatever part is asked for.
struct WholeModel {
  ModelGraphs graphs;
  std::vector<Control> controls;
  Framing framing;  // of the controls' descriptors
  std::shared_ptr<const Prior> prior;  // over controls and latents; null: none
};

struct Shipment {
  std::string name;     // C identifier: prefix of every symbol
  int sample_rate = 0;  // Hz
  // Channels of the input "controls", or of the output "parameters".
  std::vector<Control> controls;
  Graph graph;
  Weights weights;  // of encoder and decoder
  WholeModel model;
  std::vector<Signal> calibration;  // inputs of the program; none for float32, which needs no scales
  Lowered program;                  // graph and weights as tables, by the scales of the calibration set
  TestVector test;
  std::vector<std::string> notes;  // where it comes from, in lines
  bool weights_writable = false;   // header: not const, so that a start-up that copies .data puts them into RAM
};

int driven_controls(const Shipment& shipment);  // from outside: of the input

// The first `ticks` of what was played, or as many as there are.
TestVector make_test_vector(const Lowered& program, const std::vector<Signal>& inputs, const Played& played, int ticks);

// A shipment as players know it. It points into the shipment.
struct ShippedModel {
  explicit ShippedModel(const Shipment& shipment);
  ShippedModel(const ShippedModel&) = delete;
  std::vector<nr_control> controls;
  std::vector<const void*> loop;
  nr_model model;
};

}  // namespace nr
