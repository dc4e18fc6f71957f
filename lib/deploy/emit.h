// A shipment as a C header: tables, test vector, controls. It only prints. Headers of models with different names can
// be included together.
#pragma once
#include <ostream>

#include "deploy/shipment.h"

namespace nr {

void emit(const Shipment& shipment, std::ostream& out);

}  // namespace nr
