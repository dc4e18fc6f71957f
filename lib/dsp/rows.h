// Rows of numbers: the inner loops of dsp/convolution.h.
#pragma once

namespace nr {

// to[t] = from[t], times `slope` where by[t] is not above 0.
struct Rectified {
  const float *from, *by;
  float* to;
  int frames;
  float slope;
};
void rectify(Rectified& row);

// out[r][t] = start[r] + sum over j of weights[j][r] in[offsets[j] + t], for rows_summed() rows r. `in` must have
// kSumSlack numbers behind the last one that this needs.
constexpr int kSumSlack = 64;
int rows_summed();  // 4 or 8
struct Sums {
  const float* in;
  const int* offsets;
  const float* weights;  // [terms][rows]
  const float* start;    // [rows]
  float* const* out;     // rows
  int terms, frames;
};
void sum(Sums& sums);

// out[r][j] = sum over b, t of y[r][b y_item + t] in[offsets[j] + b in_item + t].
constexpr int kProductRows = 4, kProductTerms = 6;
struct Products {
  const float* y[kProductRows];
  const float* in;
  const int* offsets;  // kProductTerms
  int frames, batch, y_item, in_item;
  float out[kProductRows][kProductTerms];
};
void multiply(Products& products);

}  // namespace nr
