#include "systems/autoencoder.h"

#include <cstdio>
#include <optional>

#include "base/hash.h"
#include "base/names.h"
#include "effects/knobs.h"
#include "export/runtime/pulses.h"
#include "graph/passes.h"
#include "nn/checkpoint.h"
#include "nn/discriminators.h"
#include "systems/latents.h"

namespace nr {
namespace {

constexpr double kSilence = 1e-4;    // RMS: -80 dB
constexpr int kSurveyBatches = 16;  // of the training split, from which the latent's components are computed

}  // namespace

AutoencoderSystem::AutoencoderSystem(const RunConfig& config) : config_(config) {
  torch::manual_seed(config.seed);
  const int controls = int(config.descriptors.controls.size());
  model_ = std::make_shared<Autoencoder>(
      autoencoder_of(config.model), ControlInputs(config.descriptors.controls, config.data.sample_rate));
  const ModelGraphs& graphs = model_->graphs();
  parts_ = {{"encoder", model_->encoder().shared_from_this()}, {"decoder", model_->decoder().shared_from_this()}};
  const std::vector<std::string> read = parts_read(config);
  if (contains(read, "latent_discriminator"))
    parts_.push_back({"latent_discriminator",
                      std::make_shared<LatentDiscriminator>(config.training.latent_discriminator, graphs.latent_size,
                                                            controls, config.descriptors.classes)});
  if (contains(read, "waveform_discriminator"))
    parts_.push_back(
        {"waveform_discriminator", std::make_shared<WaveformDiscriminator>(config.training.waveform_discriminator)});
  settings_.stft_sizes = config.training.stft_sizes;
  settings_.band_stft_sizes = config.training.band_stft_sizes;
  settings_.adversarial = config.training.adversarial;
  settings_.mmd = config.training.mmd;
  settings_.controls = config.descriptors.controls;
  settings_.weights = config.descriptors.weights;
  settings_.sample_rate = config.data.sample_rate;
  measuring_.controls = config.descriptors.controls;
  measuring_.framing = {config.data.sample_rate, config.descriptors.window, config.descriptors.hop};
  measuring_.latent_hop = graphs.hop, measuring_.delay = graphs.delay;
}

DataNeeds AutoencoderSystem::needs() const {
  DataNeeds out{config_.data, config_.descriptors, model_->graphs().hop, {}, {}};
  // What is played: a keyboard's notes, and their levels down to silence. Below the quietest level that a model can be
  // asked for, it would sound on.
  if (config_.data.pairs) out.scales = Knobs(config_.data.effects, config_.descriptors.classes).scales();
  if (has_excitation(config_.model))
    out.ranges = {{"pitch", {kLowestHz, kHighestHz}}, {"periodicity", {0, 1}}, {"rms", {kSilence, {}}}};
  return out;
}

void AutoencoderSystem::set_scales(const std::vector<Scale>& scales) {
  model_->to(device_);  // the fixed filter bank of the synthesis is in no part
  measuring_.scales = scales;
}

void AutoencoderSystem::set_mode(const std::set<std::string>& learning) {
  samples_ = !learning.empty(), encoder_learns_ = learning.count("encoder") > 0;
  model_->train(samples_);
  // Discriminators stay in training mode while anything learns: they normalise by the batch in every pass of training.
  for (const Part& part : parts_) part.module->train(samples_);
  if (!encoder_learns_) model_->encoder().eval();
}

void AutoencoderSystem::produce_latent(const Batch& batch, const std::string& target, Values& values) {
  add_batch(batch, values);
  values.add({target, "posterior.mean", "posterior.std"}, [this, audio = batch.audio] {
    std::optional<torch::NoGradGuard> no_grad;
    if (!encoder_learns_) no_grad.emplace();
    const auto encoded = model_->encode(audio);
    return std::vector<torch::Tensor>{encoded.bands.detach(), encoded.posterior.mean, encoded.posterior.std};
  });
  values.add({"latent"}, [this, &values] {
    const Posterior posterior{values["posterior.mean"], values["posterior.std"]};
    std::optional<torch::NoGradGuard> no_grad;
    if (!encoder_learns_) no_grad.emplace();
    return std::vector<torch::Tensor>{samples_ ? sample(latent_of(model_->config()), posterior) : posterior.mean};
  });
}

std::map<std::string, double> AutoencoderSystem::survey(Loader& loader) {
  if (!encoder_learns_) return {};
  const LatentSurvey found = survey_latents(*model_, loader, kSurveyBatches, device_);
  space_ = found.space;
  return found.numbers;
}

std::vector<std::string> AutoencoderSystem::describe() const {
  const ModelGraphs& graphs = model_->graphs();
  const Measure m = measure(model_->config(), graphs.inputs);
  const int rate = config_.data.sample_rate;
  char line[256];
  std::snprintf(line, sizeof line,
                "model: %.3f M parameters, %.1f MMAC/s at %d Hz, hop %d (%.1f ms), delay %d samples (%.1f ms)%s",
                m.parameters / 1e6, m.macs_per_sample * rate / 1e6, rate, graphs.hop, 1e3 * graphs.hop / rate,
                graphs.delay + m.latency, 1e3 * (graphs.delay + m.latency) / rate,
                device_.is_cuda() ? ", on CUDA" : "");
  std::vector<std::string> out{line};
  for (const Scale& s : measuring_.scales)
    out.push_back(text("control ", s.descriptor, ": ", s.physical(-1), " to ", s.physical(1), " ",
                       s.unit()));
  return out;
}

std::string AutoencoderSystem::fingerprint() const { return hex(model_->graphs().hash()); }

void AutoencoderSystem::store(Checkpoint& checkpoint) const {
  nr::store(*model_, "model", checkpoint);  // encoder, decoder and the filter bank's synthesis
  nr::store(space_, checkpoint);
  for (const Part& part : parts_)
    if (part.name != "encoder" && part.name != "decoder") nr::store(*part.module, part.name, checkpoint);
}

void AutoencoderSystem::restore(const Checkpoint& checkpoint) {
  nr::restore(*model_, "model", checkpoint);
  space_ = load_latent_space(checkpoint, model_->graphs().latent_size);
  for (const Part& part : parts_) {
    // A discriminator of a phase that has since been added is not in the checkpoint. It begins as it would have begun.
    const bool stored = !below(checkpoint, part.name + "/").empty();
    if (part.name != "encoder" && part.name != "decoder" && stored) nr::restore(*part.module, part.name, checkpoint);
  }
}

}  // namespace nr
