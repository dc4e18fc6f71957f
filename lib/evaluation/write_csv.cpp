#include <cmath>
#include <sstream>

#include "data/csv.h"
#include "evaluation/results.h"

namespace nr {

std::string to_csv(const std::vector<RunResult>& runs) {
  std::ostringstream out;
  out << "run,metric,part,mean,low,high,median,clips,unit\n";
  const auto number = [&](double x) {
    if (std::isfinite(x)) out << x;
    out << ',';
  };
  for (const RunResult& run : runs)
    for (const ResultRow& row : run.rows) {
      out << csv_cell(run.facts.run) << ',' << row.metric << ',' << csv_cell(row.part) << ',';
      number(row.summary.mean), number(row.summary.low), number(row.summary.high), number(row.summary.median);
      out << row.summary.clips << ',' << csv_cell(row.unit) << '\n';
    }
  return out.str();
}

}  // namespace nr
