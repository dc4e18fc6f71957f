// What a node other than a convolution or pulses does to the arena; bits of an integer program as export/runtime's.
#pragma once
#include <cstdint>

#include "export/runtime/program.h"

namespace nr {

void run_vectors(const nr_node& node, float* arena);
void run_vectors(const nr_node& node, int16_t* arena);

}  // namespace nr
