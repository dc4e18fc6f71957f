// What a training run wrote down on its way: one curve a named number, read from JSON lines. No torch.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace nr {

struct JournalCurve {
  std::string name;
  std::vector<double> steps, values;
};

// Every number beside "step" and "seconds", in order of first appearance; objects are walked ("terms.kl"). A line that
// is not JSON or has no step is passed over: the last line of a run that was cut short may be half written. No file: no
// curves.
std::vector<JournalCurve> read_journal(const std::filesystem::path& file);

// At most `points` of it: means of equal stretches.
JournalCurve thinned(const JournalCurve& curve, int points);

}  // namespace nr
