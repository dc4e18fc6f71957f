#include "deploy/deploy.h"

#include <cmath>
#include <sstream>

#include "base/files.h"
#include "deploy/board.h"
#include "deploy/job.h"
#include "deploy/target.h"
#include "graph/passes.h"

namespace nr {
namespace {

nr_precision precision_for(const ExportConfig& config, const Target& target) {
  if ((config.snr || config.bytes) && (target.floats || (config.precision != "auto" && config.precision != "int8")))
    fail("--snr and --bytes choose between weights of 8 and 16 bits: expected --precision int8 or auto and a target of "
         "integers, found ", config.precision, " and ", target.name);
  if (config.precision == "auto") return target.floats ? NR_FLOAT32 : NR_INT8;
  if (target.floats && config.precision != "float32")
    fail("target ", target.name, " holds floats: expected --precision float32, found ", config.precision);
  return precision_of(config.precision);
}

void fit(const Board& board, const Target& target, Shipment& shipment, ExportReport& report) {
  const Footprint found = footprint(shipment.program, shipment.test.ticks);
  shipment.weights_writable = board.weights_writable;
  if (!target.for_boards) return;
  check_fit(board, found, driven_controls(shipment));
  report.board = board.name, report.memory = to_text(board, found);
}

void fill(const ExportJob& job, const ExportJob::Prepared& prepared, ExportReport& report) {
  const int rate = prepared.shipment.sample_rate, hop = job.steps.hop;
  const ExportSource& from = *job.source;
  report.parameters = measure(prune(from.graph, {from.output})).parameters;
  report.latents = from.components, report.latent_size = from.latent_size, report.fidelity = from.fidelity;
  report.macs_per_second = double(prepared.shipment.program.macs) * rate / hop;
  report.sample_rate = rate, report.hop = hop, report.latency = job.steps.latency + from.delay + hop;
  report.scored_on = from.scored_on;
  const double frames = double(prepared.wanted.rows.size()) / prepared.wanted.channels;
  report.scored_seconds = frames * from.graph.out(from.output).hop / rate;
  if (!prepared.mixed.layers.empty()) report.precisions = to_text(prepared.mixed, job.goal());
  if (!prepared.shipment.calibration.empty()) report.calibrated_on = from.calibrated_on;
}

}  // namespace

ExportReport export_model(const ExportConfig& config) {
  const Target& target = targets().at(config.target);
  const Board& board = board_named(config.board, config.boot);
  if (config.output.empty()) fail("export needs the file to write (--output)");
  const nr_precision precision = precision_for(config, target);
  const ExportJob job(config);
  if (target.for_boards) check_rate(board, job.source->sample_rate);
  ExportJob::Prepared prepared = job.prepare(precision);
  ExportReport report;
  report.output = config.output, report.target = target.name;
  fit(board, target, prepared.shipment, report);
  fill(job, prepared, report);
  std::ostringstream written;
  target.write(prepared.shipment, written);
  const std::string bytes = written.str();
  report.file_bytes = int64_t(bytes.size());
  report.snr_db = job.closeness(prepared, target.floats ? target.play(prepared.shipment, bytes, prepared.scored).output
                                                        : prepared.played.output)
                      .snr_db;
  report.float_snr_db = job.float_snr_db(prepared);
  write_file(config.output, bytes);
  return report;
}

std::string to_text(const ExportReport& r) {
  const auto rounded = [](double x) { return std::round(x * 10) / 10; };
  std::string out = text("wrote      ", r.output, " (", r.target, ")\n");
  if (!r.board.empty()) out += text("board      ", r.board, "\n");
  if (r.latents)
    out += text("latents    ", r.latents, " of ", r.latent_size, ", which hold ", rounded(100 * r.fidelity),
                " % of the variance\n");
  out += text("parameters ", r.parameters, "\nwork       ", rounded(r.macs_per_second / 1e6),
              " million MACs a second of audio\n");
  if (r.board.empty())
    out += text("file       ", r.file_bytes, " bytes\n");
  else
    out += r.memory;
  out += text("latency    ", r.latency, " samples, ", rounded(1000.0 * r.latency / r.sample_rate),
              " ms, one tick of ", r.hop, " included\naccuracy   ", rounded(r.snr_db),
              " dB signal to error against LibTorch over ", rounded(r.scored_seconds), " s of ", r.scored_on,
              " (float stream: ", rounded(r.float_snr_db), " dB)\n");
  out += r.precisions;
  if (!r.calibrated_on.empty()) out += text("calibrated on ", r.calibrated_on, "\n");
  if (!r.board.empty()) out += "speed      not measured: export/emulated/run.sh counts a tick's instructions\n";
  return out;
}

}  // namespace nr
