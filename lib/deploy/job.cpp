#include "deploy/job.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/hash.h"
#include "graph/passes.h"

namespace nr {
namespace {

// How many principal components stand for the latent; 0: the latent as it was trained.
int components_of(const ExportConfig& config, const TrainedModel& trained) {
  if (!config.latents && !config.fidelity) return 0;
  if (config.part == "whole")
    fail("--latents and --fidelity are for the encoder and the decoder: the whole model has no latent outside");
  if (config.latents && config.fidelity) fail("--latents and --fidelity say the same in two ways: give one");
  if (!trained.space.known())
    fail(config.run,
         ": its checkpoint holds no principal components (trained by an older version): export the whole latent");
  const int size = trained.model->graphs().latent_size;
  if (config.latents > size) fail("--latents ", config.latents, ": the model has ", size);
  return config.latents ? config.latents : trained.space.components_for(config.fidelity);
}

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

std::vector<Control> controls_of(const TrainedModel& trained) {
  std::vector<Control> out;
  for (const Scale& scale : trained.scales) {
    const Descriptor& d = descriptors().at(scale.descriptor);
    out.push_back({scale.descriptor, d.unit, scale.physical(-1), scale.physical(1), int(d.warp)});
  }
  return out;
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
    : config(c),
      trained(load_stream(c.run)),
      sounds(test_sounds(trained, c.audio, c.seconds)),
      part(make_part(trained, c.part, components_of(c, trained))),
      steps(make_steps(part.graph, part.weights, {part.output})) {}

// By the scales that the float network's peaks ask for. Its stores do not share memory.
void ExportJob::lower_calibrated(nr_precision precision, Prepared& prepared) const {
  Shipment& s = prepared.shipment;
  const Lowered unshared = lower(steps, false);
  s.calibration = in_order(steps, calibration_set(inputs_of(part, trained, sounds.calibration)));
  const Peaks peaks = calibrate(steps, unshared, s.calibration);
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
  s.name = identifier(config), s.sample_rate = trained.config.data.sample_rate;
  const DescriptorConfig& d = trained.config.descriptors;
  s.model = {part.graphs, controls_of(trained), {s.sample_rate, d.window, d.hop}};
  if (part.name != "encoder") s.controls = s.model.controls;
  s.graph = part.graph, s.weights = part.weights;
  if (precision == NR_FLOAT32)
    s.program = lower(steps);
  else
    lower_calibrated(precision, out);
  const TestSound sound = as_heard_by(s.program, trained, sounds.scored);
  out.wanted = to_signal(output_of(part, trained, sound));
  out.scored = in_order(steps, inputs_of(part, trained, sound));
  for (size_t i = 0; i < out.scored.size(); ++i)
    if (is_noise(s.program.inputs[i])) out.scored[i].rows.clear();  // the stream draws the same
  out.played = play_as_shipped(s.program, out.scored);
  const int ticks = std::max(1, int(config.loop_seconds * s.sample_rate / steps.hop));
  s.test = make_test_vector(s.program, out.scored, out.played, ticks);
  s.notes = {text(part.name, " of ", config.run, " at step ", trained.step, ", graph ", hex(steps.graph_hash)),
             text(name_of(precision), ", ", s.sample_rate, " Hz, ", steps.hop, " samples a tick, ",
                  measure(prune(part.graph, {part.output})).parameters, " parameters")};
  return out;
}

Closeness ExportJob::closeness(const Prepared& prepared, const std::vector<float>& heard) const {
  const Signal& wanted = prepared.wanted;
  const int late = steps.latency / part.graph.out(part.output).hop * wanted.channels;
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
