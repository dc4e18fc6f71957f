// The convolutions of the integer engine on a Cortex-M7 (or M4): tiles of two outputs by two or three rows, whose time
// loop is in assembler (tile_loops.h). Elsewhere there is none of this; integer_conv.cpp's C++ gives the same bits.
#pragma once
#include "program.h"

#if defined(__ARM_ARCH_7EM__) && defined(__ARM_FEATURE_DSP)
#define NR_TILES

namespace nr {

// Computes the first outputs of a convolution over all rows and returns how many: whole pairs; of a single row whole
// fours, of one stretch; none where an output has more than 1024 weights of 8 bits. Reads up to 8 bytes past the
// weights and the activations, which do not count. Takes 4 KB of stack.
int run_tiles(const nr_node& n, int16_t* arena);

}  // namespace nr
#endif
