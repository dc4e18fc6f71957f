/* What ships: a graph lowered to flat tables. Plain C, so that a generated header is data and never code.
   Activations are time-major [frames][channels]; one tick is one frame of the slowest wire. */
#ifndef NR_PROGRAM_H
#define NR_PROGRAM_H
#include <stdint.h>

/* Every operation a graph can hold. The only list: each `switch` over it has no default, so the compiler names what a
   new one needs. New ones at the end: headers, program files and graph hashes hold the numbers. */
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
  NR_DELAY,
  NR_SNAKE,
  NR_FRAME_FILTER,
  NR_UNIT_NORM,
  NR_ADAIN,
  NR_PULSES
} nr_op;

/* Activations and weights: floats; or int16 activations with int16 or int8 weights, a scale per output, and no zero
   points. */
typedef enum { NR_FLOAT32, NR_INT16, NR_INT8 } nr_precision;

/* Rows of a signal: `at` is this tick's first row, rows of the past lie before it. Counted in elements of the arena. */
typedef struct {
  int32_t at;
  int32_t pitch; /* from one row to the next */
} nr_rows;

/* One step. A convolution's output row t, output o, is a dot product over `runs` stretches of `run` elements,
   `run_step` apart, the first at a.at + t * row_step. Weights are zero where a run is longer than the taps. Batch norms
   and AdaIN slots are folded; transposed convolutions became convolutions whose outputs are the interleaved rows;
   slices and delays became a.at. A frame filter shapes each channel of b by a filter of its own for `row_step` rows:
   its `run` taps are `runs` elements of a row of a, times weights [runs][run] (int: in 1/16384). Pulses turn a row of a
   (pitch) and of b (periodicity) into `row_step` rows: pulses.h. */
typedef struct {
  uint8_t op;          /* nr_op */
  uint8_t weight_bits; /* conv: 8 or 16; 32: float */
  int32_t rows;        /* computed a tick */
  int32_t channels;    /* computed a row */
  nr_rows a, b, y;
  int32_t b_channels; /* mul: 1 = one gain for all channels; concat: of b */
  /* After a reset the first `late` elements from late_at on lie before the signal's start: zero, however many ticks
     they take. */
  int32_t late_at, late;
  int32_t runs, run, run_step, row_step;
  /* float: [outputs/4][runs * run][4]; int: export/runtime/integer_conv.cpp; snake, float: a of every channel */
  const void* weights;
  /* float, or int32 in the accumulator's scale; padded to a multiple of 4; snake: 1/a, int: in 1/256 */
  const void* bias;
  /* int: output = round(accumulator * multiplier / 2^32); snake: a in periods of sin^2 / 2^32; pulses: of a and of b,
     to controls in 1/65536 */
  const int32_t* multiplier;
  /* int: tanh, sigmoid, mod_sigmoid at 513 points of the input's whole range; snake: a period of sin^2 */
  const int16_t* table;
  /* int: leaky_relu's slope in 1/65536; mul's and frame_filter's multiplier; the number that is 1 after unit_norm,
     below 2^26; pulses: log2 of the periods a sample at pitch 0, in 1/65536 */
  int32_t factor;
  float slope; /* float: leaky_relu's */
} nr_node;

/* A wire with consumers that look back: its last rows move to the front after each tick. */
typedef struct {
  int32_t at;   /* of the oldest row */
  int32_t keep; /* elements of history */
  int32_t step; /* elements a tick */
} nr_line;

typedef struct {
  const char* name;
  int32_t channels, frames; /* a tick's block is [frames][channels] */
  nr_rows rows;
  float scale; /* int: physical value of 1 */
} nr_port;

typedef struct {
  uint64_t graph_hash;
  int32_t precision; /* nr_precision */
  int32_t hop;       /* audio samples a tick */
  int32_t latency;   /* samples the stream lags behind the offline network */
  int32_t arena;     /* elements: float or int16 */
  int32_t n_inputs, n_outputs, n_nodes, n_lines;
  const nr_port *inputs, *outputs;
  const nr_node* nodes;
  const nr_line* lines;
} nr_program;

/* A control in physical units. The network is given -1 at `low` and 1 at `high`, and even steps of the warped unit
   between them. Of a network that gives parameters, one of these: 0 at `low` and 1 at `high`. */
typedef struct {
  const char *name, *unit;
  float low, high; /* physical */
  int32_t warp;    /* 0 linear, 1 decibel, 2 octave */
} nr_control;

/* A program with what a player needs. `loop` holds n_loop ticks of every input: played when nothing else drives it, and
   the test: streamed from reset it must give `checksum` (int) or, closely, `probes` (float), of the first output. */
typedef struct {
  const char* name;
  const nr_program* program;
  int32_t sample_rate; /* Hz */
  int64_t macs;        /* multiply-accumulates a tick */
  int32_t n_controls;  /* channels of the input named "controls", or of the output named "parameters" */
  const nr_control* controls;
  int32_t n_loop;
  /* one an input: float or int16 [ticks][frames][channels]; null: noise, which the stream draws */
  const void* const* loop;
  uint32_t checksum;       /* FNV-1a, 32 bits, of little-endian int16 */
  const float* probes;     /* one element a tick: number (37 * tick) % (channels * frames) of its block */
} nr_model;

#endif
