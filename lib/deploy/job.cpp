#include "deploy/job.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "deploy/calibrate.h"
#include "graph/passes.h"

namespace nr {
namespace {

std::vector<Signal> in_order(const Steps& steps, const Wires& wires) {
  std::vector<Signal> out;
  for (const StepPort& port : steps.inputs) out.push_back(to_signal(wires.at(port.name)));
  return out;
}

std::string identifier(const ExportConfig& config) {
  std::string name = config.name.empty() ? std::filesystem::path(config.output).stem().string() : config.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) name = "model_" + name;
  return name;
}

const std::vector<std::pair<std::string, nr_precision>>& precisions() {
  static const std::vector<std::pair<std::string, nr_precision>> all{
      {"float32", NR_FLOAT32}, {"int16", NR_INT16}, {"int8", NR_INT8}};
  return all;
}

}  // namespace

nr_precision precision_of(const std::string& name) {
  for (const auto& [known, precision] : precisions())
    if (known == name) return precision;
  fail("no precision named '", name, "'");
}

const char* name_of(nr_precision precision) { return precisions().at(size_t(precision)).first.c_str(); }

ExportJob::ExportJob(const ExportConfig& c)
    : config(c), source(open_source(c)), steps(make_steps(source->graph, source->weights, {source->output})) {}

// By the scales that the float network's ranges ask for. Its stores do not share memory.
void ExportJob::lower_calibrated(nr_precision precision, Prepared& prepared) const {
  Shipment& s = prepared.shipment;
  const Lowered unshared = lower(steps, false);
  s.calibration = in_order(steps, source->calibration());
  const Peaks peaks = choose_peaks(steps, StoreRanges(steps, unshared, s.calibration), s.calibration, precision);
  if (precision == NR_INT8 && (config.snr || config.bytes)) {
    prepared.mixed = choose_precisions(steps, peaks, s.calibration, goal());
    s.program = lower(steps, peaks, prepared.mixed.bits);
  } else {
    s.program = lower(steps, peaks, precision);
  }
}

ExportJob::Prepared ExportJob::prepare(nr_precision precision) const {
  Prepared out;
  Shipment& s = out.shipment;
  s.name = identifier(config), s.sample_rate = source->sample_rate;
  s.model = source->model, s.controls = source->controls;
  s.graph = source->graph, s.weights = source->weights;
  if (precision == NR_FLOAT32)
    s.program = lower(steps);
  else
    lower_calibrated(precision, out);
  const ExportSource::Scored scored = source->scored(s.program);
  out.wanted = to_signal(scored.output);
  out.scored = in_order(steps, scored.inputs);
  for (size_t i = 0; i < out.scored.size(); ++i)
    if (is_noise(s.program.inputs[i])) out.scored[i].rows.clear();  // the stream draws the same
  out.played = play_as_shipped(s.program, out.scored);
  const int ticks = std::max(1, int(config.loop_seconds * s.sample_rate / steps.hop));
  s.test = make_test_vector(s.program, out.scored, out.played, ticks);
  s.notes = {text(source->part, " of ", config.run, " at step ", source->step, ", graph ", hex(steps.graph_hash)),
             text(name_of(precision), ", ", s.sample_rate, " Hz, ", steps.hop, " samples a tick, ",
                  measure(prune(s.graph, {source->output})).parameters, " parameters")};
  s.notes.insert(s.notes.end(), source->notes.begin(), source->notes.end());
  return out;
}

Closeness ExportJob::closeness(const Prepared& prepared, const std::vector<float>& heard) const {
  const Signal& wanted = prepared.wanted;
  const int late = steps.latency / source->graph.out(source->output).hop * wanted.channels;
  Closeness out{signal_to_error_db(wanted.rows, heard, late), 0};
  for (size_t i = 0; i < wanted.rows.size() && i + size_t(late) < heard.size(); ++i)
    out.largest = std::max(out.largest, std::fabs(double(wanted.rows[i]) - heard[i + size_t(late)]));
  return out;
}

double ExportJob::float_snr_db(const Prepared& prepared) const {
  const bool ships = prepared.shipment.program.program.precision == NR_FLOAT32;
  return closeness(prepared, ships ? prepared.played.output : play_as_shipped(lower(steps), prepared.scored).output)
      .snr_db;
}

}  // namespace nr
