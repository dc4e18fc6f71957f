#include "deploy/deploy.h"

#include <cctype>
#include <cmath>
#include <filesystem>

#include "base/files.h"
#include "base/hash.h"
#include "deploy/board.h"
#include "deploy/part.h"
#include "deploy/target.h"
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

nr_precision precision_of(const std::string& name) {
  return name == "float32" ? NR_FLOAT32 : name == "int16" ? NR_INT16 : NR_INT8;
}

// One export between the run and the file. Each precision is lowered once and streams each sound once.
struct Export {
  const ExportConfig& config;
  const Target& target;
  const TrainedModel& trained;
  const ExportPart& part;
  const Steps steps;
  const Sounds& sounds;
  Shipment shipment = {};
  ExportReport report = {};

  // By the scales that the float network's peaks ask for. Its stores do not share memory.
  Lowered lower_calibrated(nr_precision precision) {
    const Lowered unshared = lower(steps, false);
    shipment.calibration = in_order(steps, calibration_set(inputs_of(part, trained, sounds.calibration)));
    return lower(steps, calibrate(steps, unshared, shipment.calibration), precision);
  }

  void fill_shipment() {
    const nr_precision precision = precision_of(config.precision);
    shipment.name = identifier(config), shipment.sample_rate = trained.config.data.sample_rate;
    if (part.name != "encoder") shipment.controls = controls_of(trained);
    shipment.graph = part.graph, shipment.weights = part.weights;
    shipment.program = precision == NR_FLOAT32 ? lower(steps) : lower_calibrated(precision);
    const TestSound sound = as_heard_by(shipment.program, trained, sounds.scored);
    const Signal wanted = to_signal(output_of(part, trained, sound));  // what LibTorch makes of it
    const auto snr = [&](const std::vector<float>& heard) {
      return signal_to_error_db(wanted.rows, heard, steps.latency / part.graph.out(part.output).hop * wanted.channels);
    };
    std::vector<Signal> scored = in_order(steps, inputs_of(part, trained, sound));
    for (size_t i = 0; i < scored.size(); ++i)
      if (is_noise(shipment.program.inputs[i])) scored[i].rows.clear();  // the stream draws the same
    const Played played = play_as_shipped(shipment.program, scored);
    const int ticks = std::max(1, int(config.loop_seconds * trained.config.data.sample_rate / steps.hop));
    shipment.test = make_test_vector(shipment.program, scored, played, ticks);
    report.snr_db = snr(played.output);
    report.float_snr_db =
        precision == NR_FLOAT32 ? report.snr_db : snr(play_as_shipped(lower(steps), scored).output);
    report.parameters = measure(prune(part.graph, {part.output})).parameters;
    shipment.notes = {text(part.name, " of ", config.run, " at step ", trained.step, ", graph ", hex(steps.graph_hash)),
                      text(config.precision, ", ", trained.config.data.sample_rate, " Hz, ", steps.hop,
                           " samples a tick, ", report.parameters, " parameters")};
  }

  void fit(const Board& board) {
    const Footprint found = footprint(shipment.program, shipment.test.ticks);
    shipment.weights_writable = board.weights_writable;
    report.constant_bytes = found.constants, report.state_bytes = found.state;
    if (!target.for_boards) return;
    check_fit(board, found, int(shipment.controls.size()));
    report.board = board.name, report.constant_limit = board.constants, report.state_limit = board.state;
  }

  void fill_report() {
    report.output = config.output, report.target = target.name;
    report.latents = part.components, report.latent_size = trained.model->graphs().latent_size;
    report.fidelity = part.components ? trained.space.fidelity(part.components) : 1;
    report.macs_per_second = double(shipment.program.macs) * trained.config.data.sample_rate / steps.hop;
    report.sample_rate = trained.config.data.sample_rate, report.hop = steps.hop,
    report.latency = steps.latency + part.delay + steps.hop;
    report.scored_on = sounds.scored.source,
    report.scored_seconds = double(sounds.scored.audio.size(-1)) / trained.config.data.sample_rate;
    if (!shipment.calibration.empty()) report.calibrated_on = sounds.calibration.source;
  }
};

}  // namespace

ExportReport export_model(const ExportConfig& config) {
  const Target& target = targets().at(config.target);
  const Board& board = board_named(config.board, config.boot);
  if (config.output.empty()) fail("export needs the file to write (--output)");
  const TrainedModel trained = load_stream(config.run);
  if (target.for_boards) check_rate(board, trained.config.data.sample_rate);
  const Sounds sounds = test_sounds(trained, config.audio, config.seconds);
  const ExportPart part = make_part(trained, config.part, components_of(config, trained));
  Export job{config,
             target,
             trained,
             part,
             make_steps(part.graph, part.weights, {part.output}),
             sounds};
  job.fill_shipment();
  job.fit(board);
  job.fill_report();
  write_file(config.output, [&](std::ostream& out) { target.write(job.shipment, out); });
  return job.report;
}

std::string to_text(const ExportReport& r) {
  const auto rounded = [](double x) { return std::round(x * 10) / 10; };
  const auto bytes = [](int64_t found, int64_t limit) {
    return limit ? text(found, " of ", limit, " bytes") : text(found, " bytes");
  };
  std::string out = text("wrote      ", r.output, " (", r.target, ")\n");
  if (!r.board.empty()) out += text("board      ", r.board, "\n");
  if (r.latents)
    out += text("latents    ", r.latents, " of ", r.latent_size, ", which hold ", rounded(100 * r.fidelity),
                " % of the variance\n");
  out += text("parameters ", r.parameters, "\nwork       ", rounded(r.macs_per_second / 1e6),
              " million MACs a second of audio\nflash      ", bytes(r.constant_bytes, r.constant_limit),
              " (weights, tables, loop)\nRAM        ", bytes(r.state_bytes, r.state_limit),
              " (state, buffers)\nlatency    ", r.latency, " samples, ", rounded(1000.0 * r.latency / r.sample_rate),
              " ms, one tick of ", r.hop, " included\naccuracy   ", rounded(r.snr_db),
              " dB signal to error against LibTorch over ", rounded(r.scored_seconds), " s of ", r.scored_on,
              " (float stream: ", rounded(r.float_snr_db), " dB)\n");
  if (!r.calibrated_on.empty()) out += text("calibrated on ", r.calibrated_on, "\n");
  if (!r.board.empty()) out += "speed      not measured: export/emulated/run.sh counts a tick's instructions\n";
  return out;
}

}  // namespace nr
