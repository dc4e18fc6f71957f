// What the networks of a config cost, before anything is trained: for any YAML with a `model`, also one that cannot be
// trained as it is.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/value.h"
#include "graph/layers.h"

namespace nr {

struct Cost {
  int64_t encoder = 0, decoder = 0;  // parameters as trained, those of weight norms and batch norms included
  double encoder_macs = 0, decoder_macs = 0;  // a second of audio
  double filter_bank_macs = 0;                // of analysis and synthesis together
  int sample_rate = 44100, hop = 0;                                 // of a latent frame, samples
  int latency = 0;              // samples from sound in to sound out: filter bank, look-ahead and a tick
  int64_t receptive_field = 0;  // samples of input that one sample of output depends on
  std::vector<LayerCost> layers;    // from sound in to sound out; empty for a mel VAE, notes and a vocoder
  std::vector<std::string> notes;   // sentences, of a network that makes whole notes at once: models/note_cost.h
};

// data.sample_rate (44100 where there is none), the number of descriptors.controls and, of notes, data.classes count
// too.
Cost cost_of(const config::Value& root);

// One line a config, in Markdown: millions of parameters and of multiply-accumulates a second, samples, milliseconds.
std::string to_table(const std::vector<std::pair<std::string, Cost>>& rows);
// One line a layer.
std::string layer_table(const std::vector<LayerCost>& layers);

}  // namespace nr
