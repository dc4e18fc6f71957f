// Every system there is, by the model types that it trains. Torch-free.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/table.h"
#include "config/locate.h"
#include "run/run.h"

namespace nr {

class System;

// A value of a step as the check of a config sees it.
struct ValueOffer {
  std::string name;
  std::string lacking;  // what the config lacks for it; empty: the system makes it
};

struct PartKind {
  const char* name;
  bool once = false;  // a step's values are computed by it, once: its optimiser cannot repeat
};

struct SystemKind {
  const char* name;  // a model type
  std::vector<PartKind> parts;
  std::vector<ValueOffer> (*values)(const RunConfig& config);
  void (*check)(const RunConfig& config, const config::Located& at);  // Error where fields do not fit one another
  std::unique_ptr<System> (*make)(const RunConfig& config, const std::filesystem::path& folder);
};

const Table<SystemKind>& systems();

// The rows, each in the file of its system.
SystemKind rave_system(const char* type);  // of the model types rave and rave_v2
SystemKind mel_vae_system();
SystemKind prior_system();
SystemKind synthesizer_system();
SystemKind wae_system();
SystemKind vocoder_system();
SystemKind effects_system();

// What the data give every system that reads batches.
std::vector<ValueOffer> batch_values(const RunConfig& config);

// Parts that the losses of the phases that have steps read, beyond those that compute the values.
std::vector<std::string> parts_read(const RunConfig& config);

// Reads a whole config and checks it: fields against one another, losses against the system. Error with file, line and
// field, before any audio is touched.
RunConfig read_run_config(const config::Value& root);

}  // namespace nr
