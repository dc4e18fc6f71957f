#include "evaluation/study.h"

#include "base/error.h"
#include "config/reader.h"

namespace nr {

void evaluate_study(const std::filesystem::path& file) {
  const auto study = config::read<StudyConfig>(config::load(file));
  if (study.runs.empty()) fail(file.string(), ": names no runs");
  evaluate({study.runs.begin(), study.runs.end()}, study.evaluation, study.out);
}

}  // namespace nr
