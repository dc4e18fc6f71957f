// Recordings of a source and of a target -> a copy of a run whose AdaIN slots lead from the one's statistics to the other's: style transfer
// without training. Torch-free: apps include it.
#pragma once
#include <string>
#include <vector>

namespace nr {

struct AdaptConfig {
  std::string run;                          // folder or checkpoint of a model with slots
  std::vector<std::string> source, target;  // recordings, folders of them, or patterns
  std::string out;                          // folder of the new run
};

struct AdaptReport {
  struct Side {
    int recordings = 0;
    double seconds = 0;
    std::vector<std::string> skipped;  // "path: reason"
  };
  std::string out;
  Side source, target;
  int slots = 0, channels = 0, constant = 0;  // constant: channels that stand still on one side or both, and keep deviation 1 on both
};

// Each side is heard by the model as it was trained: through its encoder, posterior mean and decoder, with the knobs where the recordings
// have them, while every slot passes through (one that was adapted before is emptied first) and counts what comes to it, over all frames.
// Writes the checkpoint, without what training alone needs, with its config. Error, and nothing written, when the model has no slots, a
// side has no recording that can be used, or `out` holds a run.
AdaptReport adapt(const AdaptConfig& config);
std::string to_text(const AdaptReport& report);

}  // namespace nr
