// Every term a player can minimise. A new one: a function, and one line in table.cpp.
#pragma once
#include "base/table.h"
#include "losses/input.h"
#include "losses/names.h"

namespace nr {

struct Loss {
  const char* name;  // key in YAML, journal and report
  torch::Tensor (*term)(const LossInput&);
  const char* judge = "";  // the discriminator it needs, or ""
  Knobs knobs = Knobs::kNone;
  std::vector<const char*> teaches{};  // parts that its player must train; the judge, unless listed, its player must not
  Compares compares = Compares::kWaveforms;  // which the model must make
  std::vector<std::string> hears{};  // the controls it can hear, one of which the model must have
};

const Table<Loss>& losses();

}  // namespace nr
