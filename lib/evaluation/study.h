// One table from one file: which runs, and how they are evaluated. Torch-free.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"

namespace nr {

struct StudyConfig {
  std::vector<std::string> runs;
  std::string out;  // empty: evaluation/ in the first run
  EvaluationConfig evaluation;

  template <class V>
  void fields(V& v) {
    v("runs", runs);
    v("out", out);
    v("evaluation", evaluation);
  }
};

// Error with file and line where a field is not known.
void evaluate_study(const std::filesystem::path& file);

}  // namespace nr
