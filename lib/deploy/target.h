// The forms in which a shipment is written.
#pragma once
#include <ostream>

#include "base/table.h"
#include "deploy/shipment.h"

namespace nr {

struct Target {
  std::string name;
  bool for_boards;  // must fit a board's memory, pins and rates
  void (*write)(const Shipment& shipment, std::ostream& out);
};

const Table<Target>& targets();

}  // namespace nr
