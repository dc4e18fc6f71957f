// Every loss that an optimiser can minimise, and what is only watched. A new one: a function, and a row in table.cpp.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/table.h"
#include "losses/values.h"
#include "nn/part.h"
#include "run/mmd.h"

namespace nr {

struct LossSettings {
  std::vector<int> stft_sizes, band_stft_sizes;
  std::string adversarial = "hinge";          // a name of adversarial()
  std::vector<std::string> controls;          // of the decoder, in order
  std::map<std::string, double> weights = {};  // of a control in the losses that measure it; 1 where not named
  int sample_rate = 0;  // Hz, of target.audio and decoded.audio
  MmdConfig mmd = {};
};

struct LossInput {
  Values& values;
  const LossSettings& settings;
  const Parts& parts;
};

struct Loss {
  const char* name;  // key in YAML, journal and report
  torch::Tensor (*value)(const LossInput&);
  // Values and parts that it asks for. A system that does not have them all refuses the loss.
  std::vector<const char*> reads;
  // Parts that its optimiser must train. A part that it reads and does not train must not be among the optimiser's
  // parts: the loss would train it towards the other side's goal.
  std::vector<const char*> trains{};
  bool watched_only = false;  // has no gradient: an optimiser cannot minimise it
};

const Table<Loss>& losses();

}  // namespace nr
