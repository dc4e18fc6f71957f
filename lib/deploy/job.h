// One export between the run and the file: the part that ships, the sound that it is calibrated and scored on, and the
// shipment of a precision.
#pragma once
#include "deploy/deploy.h"
#include "deploy/mixed_precision.h"
#include "deploy/source.h"

namespace nr {

// How close what was heard is to what LibTorch computes.
struct Closeness {
  double snr_db = 0, largest = 0;  // signal to error; largest difference
};

class ExportJob {
 public:
  // Error when the run cannot be read or there is no sound.
  explicit ExportJob(const ExportConfig& config);

  struct Prepared {
    Shipment shipment;
    std::vector<Signal> scored;  // inputs of its program; noise is left to who plays them
    Signal wanted;               // by LibTorch, offline
    Played played;               // by the engine
    ChosenPrecisions mixed;        // no layers: not asked for
  };
  Prepared prepare(nr_precision precision) const;
  Closeness closeness(const Prepared& prepared, const std::vector<float>& heard) const;
  // Of the float stream where it is not what ships.
  double float_snr_db(const Prepared& prepared) const;

  PrecisionGoal goal() const { return {config.snr, config.bytes}; }

  const ExportConfig config;
  const std::unique_ptr<const ExportSource> source;
  const Steps steps;

 private:
  // Fills the shipment's program and calibration set.
  void lower_calibrated(nr_precision precision, Prepared& prepared) const;
};

nr_precision precision_of(const std::string& name);  // "float32", "int16", "int8"
const char* name_of(nr_precision precision);

}  // namespace nr
