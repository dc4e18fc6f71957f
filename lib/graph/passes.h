// Graph -> Graph, and Graph -> numbers. Each pass is one function, tested alone.
#pragma once
#include <map>
#include <string>

#include "graph/graph.h"

namespace nr {

// Makes every convolution causal by delays: each look-ahead becomes a lag, and parallel branches still meet in time.
// `latency`: per output name, the audio samples by which the stream lags the offline network (0 when all is causal).
Graph align(const Graph& graph, std::map<std::string, int>* latency = nullptr);

// Only the named outputs and what they need. Inputs that nothing needs go too.
Graph prune(const Graph& graph, const std::vector<std::string>& outputs);

struct Measure {
  int64_t parameters = 0;             // learned, weight norm folded; two per channel of a batch norm
  int64_t training_parameters = 0;    // as trained, weight-norm gains included
  double macs_per_sample = 0;         // multiply-accumulates an audio sample, fixed filters included
  int hop = 1;                        // samples a tick
  int latency = 0;                    // samples the stream lags: the largest over the outputs
  int64_t receptive_field = 1;          // input samples one output sample can depend on
};
Measure measure(const Graph& graph);

}  // namespace nr
