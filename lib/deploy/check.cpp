#include "deploy/check.h"

#include <cstdio>
#include <map>
#include <sstream>

#include "base/error.h"
#include "deploy/board.h"
#include "deploy/job.h"
#include "deploy/target.h"

namespace nr {
namespace {

void check_one(const ExportJob& job, const Target& target, const ExportJob::Prepared& prepared, CheckedTarget& row) {
  const Shipment& s = prepared.shipment;
  if (target.for_boards) {
    const Board& board = board_named(job.config.board, job.config.boot);
    check_rate(board, s.sample_rate);
    check_fit(board, footprint(s.program, s.test.ticks), driven_controls(s));
  }
  std::ostringstream written;
  target.write(s, written);
  const std::string bytes = written.str();
  const PlayedBack heard = target.play(s, bytes, prepared.scored);
  const Closeness close = job.closeness(prepared, heard.output);
  row.snr_db = close.snr_db, row.largest = close.largest, row.bytes = int64_t(bytes.size());
  const double ticks = double(heard.output.size()) / double(block_of(s.program.outputs[0]));
  row.times_real_time = ticks * job.steps.hop / s.sample_rate / heard.seconds;
}

}  // namespace

std::vector<CheckedTarget> check_targets(const ExportConfig& config) {
  const ExportJob job(config);
  std::vector<CheckedTarget> rows;
  std::map<nr_precision, ExportJob::Prepared> prepared;
  for (const Target& target : targets().rows)
    for (const nr_precision precision : {NR_FLOAT32, NR_INT16, NR_INT8}) {
      if (target.floats && precision != NR_FLOAT32) continue;
      if (config.precision != "auto" && config.precision != name_of(precision)) continue;
      CheckedTarget row{target.name, name_of(precision), target.player, ""};
      try {
        if (!prepared.count(precision)) prepared[precision] = job.prepare(precision);
        check_one(job, target, prepared[precision], row);
      } catch (const Error& error) {
        row.refused = error.what();
      }
      rows.push_back(row);
    }
  return rows;
}

std::string to_text(const std::vector<CheckedTarget>& rows) {
  char line[512];
  std::snprintf(line, sizeof line, "%-12s %-9s %12s %10s %12s %12s  %s\n", "target", "precision", "signal/error",
                "largest", "bytes", "x real time", "played by");
  std::string out = line;
  for (const CheckedTarget& r : rows) {
    if (r.refused.empty())
      std::snprintf(line, sizeof line, "%-12s %-9s %9.1f dB %10.1e %12lld %12.1f  %s\n", r.target.c_str(),
                    r.precision.c_str(), r.snr_db, r.largest, static_cast<long long>(r.bytes), r.times_real_time,
                    r.player.c_str());
    else
      std::snprintf(line, sizeof line, "%-12s %-9s does not ship: %s\n", r.target.c_str(), r.precision.c_str(),
                    r.refused.c_str());
    out += line;
  }
  return out;
}

}  // namespace nr
