// Reads a training run's journal (JSON lines): one curve for each named number. No torch.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace nr {

struct JournalCurve {
  std::string name;
  std::vector<double> steps, values;
};

// Every number except "step" and "seconds", in order of first appearance. A number in an object gets a name of both
// ("losses.kl"). A line that is not JSON or has no step is skipped: the last line of a run that was cut short may be
// half written. No curves when there is no file.
std::vector<JournalCurve> read_journal(const std::filesystem::path& file);

// At most `points` points: means over parts of equal length.
JournalCurve thinned(const JournalCurve& curve, int points);

}  // namespace nr
