// A lowered network as one C header: tables, test vector, knobs. Generated, never edited.
#pragma once
#include <ostream>

#include "deploy/play.h"

namespace nr {

struct Knob {
  std::string name, unit;
  double low = 0, high = 1;  // physical
  int warp = 0;              // of nr_knob
};

// What a header says beside the program.
struct Sheet {
  std::string name;     // C identifier: prefix of every symbol
  int sample_rate = 0;  // Hz
  std::vector<Knob> knobs;
  std::vector<Signal> loop;        // one an input: see nr_model; noise is left to the stream
  bool weights_writable = false;   // not const: a start-up that copies .data then puts them into RAM
  std::vector<std::string> notes;  // lines of the opening comment
};

void emit(const Lowered& lowered, const Sheet& sheet, std::ostream& out);

}  // namespace nr
