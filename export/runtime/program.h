/* What ships: a graph lowered to flat tables. Plain C, so that a generated header is data and never code. */
#ifndef NR_PROGRAM_H
#define NR_PROGRAM_H
#include <stdint.h>

/* Every operation a graph can hold. The only list: each `switch` over it has no default, so the compiler names what a new one needs. */
typedef enum {
  NR_INPUT,
  NR_CONV,
  NR_CONV_TRANSPOSE,
  NR_BATCH_NORM,
  NR_LEAKY_RELU,
  NR_TANH,
  NR_SIGMOID,
  NR_MOD_SIGMOID,
  NR_ADD,
  NR_MUL,
  NR_CONCAT,
  NR_SLICE,
  NR_DELAY
} nr_op;

#endif
