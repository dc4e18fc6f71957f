// The loops of tiles.cpp, in assembler. Words hold two weights or two activations; stretches and rows are those of
// program.h; every number of bytes may be negative.
#pragma once
#include <stdint.h>

namespace nr {

constexpr int kRoundWeights = 32;  // an output, in one round of the inner loop
constexpr int kTwoRowsCode = 16, kThreeRowsCode = 22;  // bytes of code a weight of each output

// Two outputs of all rows from y on until y_end, two or three rows at a time. x: activations of the first row; row:
// bytes to the next one. w: int16 weights in integer_conv.cpp's order. rounds: in a stretch, rounded up; skipped: bytes
// of code that the first round leaves out for it. pitch: bytes from one row of y to the next. to_stretch, to_tile:
// bytes from a stretch's end to the next one's start, and from the last one's to the next tile's first.
void two_rows(const int16_t* x, int row, const int16_t* w, int rounds, int16_t* y, int pitch, const int16_t* y_end,
              int to_tile, int32_t bias0, int32_t bias1, int32_t multiplier0, int32_t multiplier1, int to_stretch,
              int stretches, int skipped);
void three_rows(const int16_t* x, int row, const int16_t* w, int rounds, int16_t* y, int pitch, const int16_t* y_end,
                int to_tile, int32_t bias0, int32_t bias1, int32_t multiplier0, int32_t multiplier1, int to_stretch,
                int stretches, int skipped);

// Four outputs of one row of n weights an output, a multiple of 4; w, later: int8 weights of two outputs each.
void four_outputs(const int8_t* w, const int8_t* later, const int16_t* x, int n, const int32_t* bias,
                  const int32_t* multiplier, int16_t* y);

}  // namespace nr
