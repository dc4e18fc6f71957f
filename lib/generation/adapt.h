// Recordings of a source and of a target -> a copy of a run whose AdaIN slots lead from the statistics of the one to
// those of the other: style transfer without training. Torch-free: apps include it.
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

struct AdaptConfig {
  std::string run;
  std::vector<std::string> source, target;
  std::string out;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{}, "run folder or checkpoint of a model with AdaIN slots");
    v("source", source, Any{}, "recordings, folders of them, or patterns: what it will be played with");
    v("target", target, Any{}, "recordings, folders of them, or patterns: what it shall sound like");
    v("out", out, Any{}, "folder of the new run, for evaluate, export and so on");
  }
};

struct AdaptReport {
  struct Side {
    int recordings = 0;
    double seconds = 0;
    std::vector<std::string> skipped;  // "path: reason"
  };
  std::string out;
  Side source, target;
  int slots = 0, channels = 0,
      constant = 0;  // constant: channels without variation on a side, which keep deviation 1 on both
};

// Each side passes through the model as it was trained: encoder, posterior mean and decoder, with the controls measured
// on the recordings. Every slot is an identity meanwhile, also one that was adapted before. It counts its input over
// all frames. Writes the checkpoint, without what training alone needs, with its config. Error, and nothing written,
// when the model has no slots, a side has no recording that can be used, or `out` holds a run.
AdaptReport adapt(const AdaptConfig& config);
std::string to_text(const AdaptReport& report);

}  // namespace nr
