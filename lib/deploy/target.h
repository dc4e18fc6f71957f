// The forms in which a shipment is written.
#pragma once
#include <ostream>

#include "base/table.h"
#include "deploy/shipment.h"

namespace nr {

// What a written form makes of the sound that is scored.
struct PlayedBack {
  std::vector<float> output;  // physical, all ticks
  double seconds = 0;         // of one core's time that the ticks took
};

struct Target {
  std::string name;
  bool for_boards;  // must fit a board's memory, pins and rates
  bool floats;      // holds float32 only, and is played back before it is written
  void (*write)(const Shipment& shipment, std::ostream& out);
  // The written bytes, read back, stream these inputs of the shipment's program from reset; noise is left to them.
  PlayedBack (*play)(const Shipment& shipment, const std::string& bytes, const std::vector<Signal>& inputs);
  const char* player;  // what plays them
};

const Table<Target>& targets();

}  // namespace nr
