#include "deploy/deploy.h"

#include <cctype>
#include <cmath>
#include <filesystem>

#include "base/files.h"
#include "base/hash.h"
#include "deploy/board.h"
#include "deploy/emit.h"
#include "deploy/sound.h"
#include "graph/passes.h"

namespace nr {
namespace {

// The network to ship, its inputs over the test sound, and what LibTorch makes of them.
struct Part {
  Graph graph;
  std::string output;
  Wires inputs;
  torch::Tensor wanted;
  int delay = 0;  // samples from sound in to sound out, beyond the stream's own latency
};

// How many principal components stand for the latent; 0: the latent as it was trained.
int components_of(const ExportConfig& config, const TrainedModel& trained) {
  if (!config.latents && !config.fidelity) return 0;
  if (config.part == "whole") fail("--latents and --fidelity are for the encoder and the decoder: the whole model has no latent outside");
  if (!trained.space.known()) fail(config.run, ": its checkpoint holds no principal components (trained by an older version): export the whole latent");
  const int size = trained.model->graphs().latent_size;
  if (config.latents > size) fail("--latents ", config.latents, ": the model has ", size);
  return config.latents ? config.latents : trained.space.components_for(config.fidelity);
}

std::vector<float> floats(const torch::Tensor& tensor) {
  const torch::Tensor t = tensor.contiguous();
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

// y = C (x - mean), and back: x = C^T y + mean.
void add_components(const LatentSpace& space, int kept, Weights& weights) {
  const torch::Tensor rows = space.components.narrow(0, 0, kept);
  weights["latent/components"] = {floats(rows), floats(-torch::mv(rows, space.mean)), {}, {}};
  weights["latent/basis"] = {floats(rows.t()), floats(space.mean), {}, {}};
}

Part make_part(const std::string& name, TrainedModel& trained, const TestSound& sound, int components) {
  const torch::NoGradGuard no_grad;
  Autoencoder& model = *trained.model;
  const ModelGraphs graphs = describe(model.config(), model.graphs().controls, components);
  torch::Tensor mean = model.encode(sound.audio).posterior.mean, latent = mean;
  if (components) latent = trained.space.project(mean, components), mean = trained.space.restore(latent);
  if (name == "encoder") return {graphs.encoder, "mean", {{"audio", sound.audio}}, latent};
  Part part{name == "whole" ? graphs.whole : graphs.decoder, "audio", {}, model.decode(mean, sound.controls).audio};
  if (name == "whole")
    part.inputs["audio"] = sound.audio, part.delay = graphs.delay;
  else
    part.inputs["latent"] = latent;
  if (graphs.controls) part.inputs["controls"] = sound.controls;
  if (const torch::Tensor noise = model.noise(mean); noise.defined()) part.inputs["noise"] = noise;
  return part;
}

std::vector<Signal> in_order(const Steps& steps, const Wires& wires) {
  std::vector<Signal> out;
  for (const StepPort& port : steps.inputs) out.push_back(to_signal(wires.at(port.name)));
  return out;
}

// Every loop a whole number of ticks, no longer than asked.
std::vector<Signal> cut(std::vector<Signal> inputs, const Steps& steps, int ticks) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    const size_t size = size_t(ticks) * steps.inputs[i].channels * steps.inputs[i].rows;
    if (inputs[i].rows.size() > size) inputs[i].rows.resize(size);
  }
  return inputs;
}

std::string identifier(const ExportConfig& config) {
  std::string name = config.name.empty() ? std::filesystem::path(config.output).stem().string() : config.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) name = "model_" + name;
  return name;
}

std::vector<Knob> knobs_of(const TrainedModel& trained) {
  std::vector<Knob> knobs;
  for (const Scale& scale : trained.scales) {
    const Descriptor& d = descriptors().at(scale.descriptor);
    knobs.push_back({scale.descriptor, d.unit, scale.physical(-1), scale.physical(1), int(d.warp)});
  }
  return knobs;
}

nr_precision precision_of(const std::string& name) { return name == "float32" ? NR_FLOAT32 : name == "int16" ? NR_INT16 : NR_INT8; }

}  // namespace

ExportReport export_model(const ExportConfig& config) {
  const Board& board = board_named(config.board, config.boot);
  if (config.output.empty()) fail("export needs the header to write (--output)");
  TrainedModel trained = load_stream(config.run);
  const int controls = config.part == "encoder" ? 0 : trained.model->graphs().controls;
  const TestSound sound = test_sound(trained, config.audio, config.seconds);
  const int components = components_of(config, trained);
  const Part part = make_part(config.part, trained, sound, components);
  Weights weights;
  collect(trained.model->encoder(), weights);
  collect(trained.model->decoder(), weights);
  if (components) add_components(trained.space, components, weights);
  const Steps steps = make_steps(part.graph, weights, {part.output});
  const std::vector<Signal> inputs = in_order(steps, part.inputs);
  const nr_precision precision = precision_of(config.precision);
  const Lowered exact = lower(steps);
  const Lowered lowered =
      precision == NR_FLOAT32 ? lower(steps) : lower(steps, calibrate(steps, in_order(steps, exercise(part.inputs))), precision);

  Sheet sheet{identifier(config), trained.config.data.sample_rate, controls ? knobs_of(trained) : std::vector<Knob>{}, {}, board.weights_writable, {}};
  const int longest = std::max(1, int(config.loop_seconds * trained.config.data.sample_rate / steps.hop));
  sheet.loop = cut(inputs, steps, longest);
  const Footprint found = footprint(lowered, Playback(lowered).ticks(sheet.loop));
  check_fit(board, found, controls);

  ExportReport report;
  report.latents = components;
  report.latent_size = trained.model->graphs().latent_size;
  report.fidelity = components ? trained.space.fidelity(components) : 1;
  report.header = config.output, report.board = board.name;
  report.parameters = measure(prune(part.graph, {part.output})).parameters;
  report.macs_per_second = double(lowered.macs) * trained.config.data.sample_rate / steps.hop;
  report.constant_bytes = found.constants, report.constant_limit = board.constants;
  report.state_bytes = found.state, report.state_limit = board.state;
  report.sample_rate = trained.config.data.sample_rate, report.hop = steps.hop, report.latency = steps.latency + part.delay + steps.hop;
  const Signal wanted = to_signal(part.wanted);
  const int late = steps.latency / part.graph.out(part.output).hop * wanted.channels;
  report.float_snr_db = signal_to_error_db(wanted.rows, play(exact, inputs)[0].rows, late);
  report.snr_db = precision == NR_FLOAT32 ? report.float_snr_db : signal_to_error_db(wanted.rows, play(lowered, inputs)[0].rows, late);
  report.cpu_percent = estimate_cpu_percent(lowered.program, trained.config.data.sample_rate);
  report.seconds = double(sound.audio.size(-1)) / trained.config.data.sample_rate;

  sheet.notes = {
      text(config.part, " of ", config.run, " at step ", trained.step, ", graph ", hex(lowered.program.graph_hash)),
      text(config.precision, ", ", trained.config.data.sample_rate, " Hz, ", steps.hop, " samples a tick, ", report.parameters, " parameters")};
  write_file(config.output, [&](std::ostream& out) { emit(lowered, sheet, out); });
  return report;
}

std::string to_text(const ExportReport& r) {
  const auto rounded = [](double x) { return std::round(x * 10) / 10; };
  const std::string latents =
      r.latents ? text("\nlatents    ", r.latents, " of ", r.latent_size, ", which hold ", rounded(100 * r.fidelity), " % of the variance") : "";
  return text("wrote      ", r.header, "\nboard      ", r.board, latents, "\nparameters ", r.parameters, "\nwork       ",
              rounded(r.macs_per_second / 1e6), " million MACs a second of audio\nflash      ", r.constant_bytes, " of ", r.constant_limit,
              " bytes (weights, tables, loop)\nRAM        ", r.state_bytes, " of ", r.state_limit, " bytes (state, buffers)\nlatency    ",
              r.latency, " samples, ", rounded(1000.0 * r.latency / r.sample_rate), " ms, one tick of ", r.hop, " included\naccuracy   ",
              rounded(r.snr_db), " dB signal to error against LibTorch over ", rounded(r.seconds),
              " s (float stream: ", rounded(r.float_snr_db), " dB)\nCPU        about ", rounded(r.cpu_percent),
              " % of a Cortex-M7 at 480 MHz (an estimate from counted instructions)\n");
}

}  // namespace nr
