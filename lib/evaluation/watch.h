// Evaluates a run again whenever its training has saved.
#pragma once
#include <filesystem>
#include <functional>

#include "evaluation/evaluate.h"

namespace nr {

// On the validation split, whatever config.split says: what is looked at while a run trains is chosen by.
// wait: until it is time to look again; false: to end. An evaluation that fails is a line of the log, and the next one
// is tried. Error as of evaluate() for the first.
void watch(const std::filesystem::path& run, EvaluationConfig config, const std::filesystem::path& out,
           const std::function<bool()>& wait);

}  // namespace nr
