#include "generation/synthesizer.h"

#include <algorithm>
#include <filesystem>

#include "audio/clip.h"
#include "base/files.h"
#include "deploy/lower.h"
#include "deploy/part.h"
#include "generation/sampler.h"
#include "program/file.h"

namespace nr {
namespace {

constexpr double kMostSeconds = 60;           // of a recording whose latent is played
constexpr size_t kLargestProgram = 1u << 30;  // bytes

bool is_program(const std::string& run) { return std::filesystem::path(run).extension() == ".nrp"; }

const nr_port* port_named(const nr_port* ports, int count, const std::string& name) {
  for (int i = 0; i < count; ++i)
    if (ports[i].name == name) return &ports[i];
  return nullptr;
}

void check_ports(const nr_program& p, const std::string& run, bool effect) {
  const bool latent = port_named(p.inputs, p.n_inputs, "latent"), audio = port_named(p.inputs, p.n_inputs, "audio");
  if (latent == effect || audio != effect || p.outputs[0].name != std::string("audio"))
    fail(run, effect ? ": does not make audio of audio; export the whole run (--part whole)"
                     : ": does not make audio of a latent; export the run's decoder");
  if (p.outputs[0].channels * p.outputs[0].frames != p.hop)
    fail(run, ": a tick gives ", p.outputs[0].channels * p.outputs[0].frames, " samples, expected ", p.hop);
}

Scale scale_of(const nr_control& c, const std::string& run) {
  const auto unit = Warp(c.warp);
  Scale scale{c.name, warp(unit, c.low), warp(unit, c.high), {}};
  if (!descriptors().find(c.name)) scale.knob = unit == Warp::kOctave ? "octave" : "linear", scale.knob_unit = c.unit;
  if (!(scale.low < scale.high)) fail(run, ": control '", c.name, "' goes from ", c.low, " to ", c.high);
  return scale;
}

// Of the input named "latent" over the file's test.
std::vector<float> mean_latent(const nr_model& model) {
  const nr_program& p = *model.program;
  for (int i = 0; i < p.n_inputs; ++i) {
    if (p.inputs[i].name != std::string("latent")) continue;
    const size_t channels = p.inputs[i].channels, frames = size_t(model.n_loop) * p.inputs[i].frames;
    std::vector<double> sums(channels);
    for (size_t k = 0; k < frames * channels; ++k)
      sums[k % channels] += p.precision == NR_FLOAT32
                                ? static_cast<const float*>(model.loop[i])[k]
                                : static_cast<const int16_t*>(model.loop[i])[k] * p.inputs[i].scale;
    std::vector<float> mean;
    for (const double sum : sums) mean.push_back(float(sum / double(frames)));
    return mean;
  }
  return {};
}

Synthesizer open_program(const std::string& run, bool effect) {
  const auto file = std::make_shared<const ProgramFile>(read_file(run, kLargestProgram), run);
  const nr_model& model = file->model();
  check_ports(*model.program, run, effect);
  Synthesizer out{model.program, model.sample_rate};
  for (int i = 0; i < model.n_controls; ++i) out.scales.push_back(scale_of(model.controls[i], run));
  out.latent = mean_latent(model);
  out.owner = file;
  return out;
}

std::vector<float> encoded(const TrainedModel& trained, const std::string& recording) {
  std::vector<float> samples = read_clip(recording, trained.config.data.sample_rate, kMostSeconds).samples;
  const size_t hop = trained.model->graphs().hop;
  samples.resize((samples.size() + hop - 1) / hop * hop);
  const torch::NoGradGuard no_grad;
  return to_signal(trained.model->encode(torch::tensor(samples).view({1, 1, -1})).posterior.mean).rows;
}

Synthesizer part_of(const TrainedModel& trained, const char* name) {
  const ExportPart part = make_part(trained, name, 0);
  const auto lowered = std::make_shared<const Lowered>(lower(make_steps(part.graph, part.weights, {part.output})));
  Synthesizer out{&lowered->program, trained.config.data.sample_rate, trained.scales};
  out.owner = lowered;
  return out;
}

Synthesizer open_prior(const std::string& run, const PlayedLatent& config) {
  if (config.latent != "mean") fail(run, ": a prior draws the latent; ", config.latent, " cannot be played with it");
  const TrainedPrior trained = load_prior(run);
  Synthesizer out = part_of(trained.base, "decoder");
  const size_t controls = out.scales.size(), dimensions = size_t(trained.prior->dimensions());
  std::vector<bool> forced(dimensions, false);
  std::fill_n(forced.begin(), controls, true);
  const auto sampler =
      std::make_shared<Sampler>(*trained.prior, SamplerConfig{config.temperature, uint64_t(config.seed)}, forced);
  out.draw = [sampler, controls, row = std::vector<float>(dimensions)](const float* given) mutable {
    std::copy(given, given + controls, row.begin());
    return sampler->next(row.data());
  };
  return out;
}

Synthesizer open_run(const std::string& run, const std::string& latent) {
  const TrainedModel trained = load_stream(run);
  Synthesizer out = part_of(trained, "decoder");
  if (latent != "mean")
    out.latent = encoded(trained, latent);
  else if (trained.space.known())
    out.latent = {trained.space.mean.data_ptr<float>(),
                  trained.space.mean.data_ptr<float>() + trained.space.mean.numel()};
  else
    out.latent.resize(trained.model->graphs().latent_size);
  return out;
}

}  // namespace

Synthesizer open_synthesizer(const std::string& run, const PlayedLatent& config) {
  if (!is_program(run)) return is_prior(run) ? open_prior(run, config) : open_run(run, config.latent);
  if (config.latent != "mean") fail(run, ": a program file has no encoder for ", config.latent, "; give its run");
  return open_program(run, false);
}

Synthesizer open_effect(const std::string& run) {
  if (is_program(run)) return open_program(run, true);
  if (is_prior(run)) fail(run, ": a prior hears no audio; give its run");
  return part_of(load_stream(run), "whole");
}

}  // namespace nr
