// The moving average of the weights while they train (training.ema). What a system has learned is then the average: it
// is validated, surveyed and stored under the system's own names, so that all who read a checkpoint read it. The
// weights that training goes on with lie beside it, under "trained/".
#pragma once
#include <torch/types.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "nn/part.h"
#include "nn/safetensors.h"

namespace nr {

class Average {
 public:
  // decay: the share that a step leaves of the average; 0: there is none, and nothing below does anything. Begins at
  // the weights as they are.
  Average(const Parts& parts, double decay);

  // Takes in the parts that learn, after the run's step of this number (1 is the first). In the first steps the share
  // is (1 + step) / (10 + step) at most, so that where a run began is soon forgotten.
  void follow(int64_t step, const std::set<std::string>& learning);
  // A part that does not learn in a phase stays at its average, and the others learn with what will be stored.
  void freeze(const std::set<std::string>& learning);

  void store(Checkpoint& checkpoint) const;
  // The weights that training goes on with, where the checkpoint has them: the system's are the average then.
  void restore(const Checkpoint& checkpoint);

 private:
  friend class Averaged;
  struct Entry {
    std::string part;
    torch::Tensor weight, mean;
  };
  void swap();

  Parts parts_;
  double decay_;
  std::vector<Entry> entries_;  // parameters and statistics
};

// While it lives, the parts hold the average.
class Averaged {
 public:
  explicit Averaged(Average& average) : average_(average) { average_.swap(); }
  ~Averaged() { average_.swap(); }
  Averaged(const Averaged&) = delete;
  Averaged& operator=(const Averaged&) = delete;

 private:
  Average& average_;
};

}  // namespace nr
