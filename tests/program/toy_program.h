// A small program with every operation that a stream runs, for the tests of program files: made by hand, without
// LibTorch.
#pragma once
#include <deque>

#include "base/random.h"
#include "export/runtime/program.h"
#include "program/tables.h"

namespace nr {

class ToyProgram {
 public:
  explicit ToyProgram(nr_precision precision);
  ToyProgram(const ToyProgram&) = delete;
  const nr_model& model() const { return model_; }
  std::vector<nr_node>& nodes() { return nodes_; }
  std::vector<nr_line>& lines() { return lines_; }
  nr_program& program() { return program_; }

 private:
  nr_rows place(int channels, int history = 0);
  nr_node& add(nr_op op, nr_rows a, nr_rows b, int channels);
  const void* numbers(NumberTable table);
  const float* floats(int count, double size);
  template <class T>
  const T* integers(int count, int largest);
  void convolve(nr_rows a, int channels, int weight_bits);
  void make_nodes(bool integer);

  std::deque<NumberTable> tables_;
  std::vector<nr_node> nodes_;
  std::vector<nr_line> lines_;
  std::vector<nr_port> inputs_, outputs_;
  std::vector<nr_control> controls_;
  std::vector<const void*> loop_;
  nr_program program_{};
  nr_model model_{};
  Random random_{5};
};

}  // namespace nr
