#include "systems/vocoder.h"

#include <cstdio>

#include "base/hash.h"
#include "base/names.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "nn/discriminators.h"
#include "nn/parameter_count.h"
#include "systems/table.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

std::vector<ValueOffer> vocoder_values(const RunConfig& config) {
  std::vector<ValueOffer> out = batch_values(config);
  for (const char* name : {"target.audio", "decoded.audio"}) out.push_back({name, ""});
  return out;
}

void check_vocoder(const RunConfig& config, const config::Located& at) {
  const auto& model = std::get<VocoderConfig>(config.model);
  const int segment = config.data.segment;
  if (segment % model.step || segment < model.window)
    at.fail("data.segment", ": ", segment, " must be a multiple of model.step (", model.step,
            ") and at least model.window (", model.window, ")");
  if (segment % config.descriptors.hop || model.step % config.descriptors.hop)
    at.fail("descriptors.hop", ": ", config.descriptors.hop, " must divide model.step (", model.step, ")");
  check_mel_range(model, config, at);
  if (model.network == "mcnn" && (model.step & (model.step - 1)))
    at.fail("model.step", ": ", model.step, " must be a power of 2: mcnn doubles its rate in every layer");
  for (const int size : config.training.stft_sizes)
    if (size >= 2 * segment)
      at.fail("training.stft_sizes", ": ", size, " must be less than twice data.segment (", segment, ")");
}

std::unique_ptr<System> make_vocoder_system(const RunConfig& config, const std::filesystem::path&) {
  return std::make_unique<VocoderSystem>(config);
}

}  // namespace

VocoderSystem::VocoderSystem(const RunConfig& config) : config_(config) {
  torch::manual_seed(uint64_t(config.seed));
  const auto& model = std::get<VocoderConfig>(config.model);
  bands_ = std::make_unique<MelBands>(model, config.data.sample_rate);
  decoder_ = make_vocoder(model);
  parts_ = {{"decoder", decoder_}};
  if (contains(parts_read(config), "waveform_discriminator"))
    parts_.push_back(
        {"waveform_discriminator", std::make_shared<WaveformDiscriminator>(config.training.waveform_discriminator)});
  settings_.stft_sizes = config.training.stft_sizes;
  settings_.adversarial = config.training.adversarial;
  settings_.sample_rate = config.data.sample_rate;
}

DataNeeds VocoderSystem::needs() const {
  return {config_.data, config_.descriptors, std::get<VocoderConfig>(config_.model).step, {}, {}};
}

void VocoderSystem::set_mode(const std::set<std::string>& learning) {
  for (const Part& part : parts_) part.module->train(learning.count(part.name) > 0);
}

void VocoderSystem::produce(const Batch& batch, Random&, Values& values) {
  add_batch(batch, values);
  values.set("target.audio", batch.audio);
  values.add({"decoded.audio"}, [this, audio = batch.audio] {
    return std::vector<torch::Tensor>{decoder_->forward(bands_->magnitudes(audio))};
  });
}

// What selects checkpoints, in phases that do not minimise it too.
std::vector<std::string> VocoderSystem::validated() const {
  for (const auto& [phase_name, phase] : config_.training.phases)
    for (const auto& [name, optimiser] : phase.optimisers)
      if (phase.steps > 0 && optimiser.losses.count(selected_by())) return {};
  return {selected_by()};
}

torch::Tensor VocoderSystem::sound(const torch::Tensor& magnitudes) {
  const torch::NoGradGuard no_grad;
  return decoder_->forward(magnitudes);
}

std::vector<std::string> VocoderSystem::describe() const {
  const VocoderConfig& c = decoder_->config();
  char millions[40];
  std::snprintf(millions, sizeof millions, "%.3f M weights", double(count_parameters(*decoder_)) / 1e6);
  return {text(c.network, ": ", c.mels, " mel bands to ", c.step, " samples a frame; ", millions)};
}

std::string VocoderSystem::fingerprint() const {
  return hex(hash64(text(config_.data.sample_rate, "\n", config::dump(decoder_->config()))));
}

void VocoderSystem::store(Checkpoint& checkpoint) const {
  for (const Part& part : parts_) nr::store(*part.module, part.name, checkpoint);
}

void VocoderSystem::restore(const Checkpoint& checkpoint) {
  for (const Part& part : parts_)
    if (part.name == "decoder" || !below(checkpoint, part.name + "/").empty())
      nr::restore(*part.module, part.name, checkpoint);
}

std::unique_ptr<VocoderSystem> load_vocoder(const Checkpoint& checkpoint) {
  const RunConfig config = run_config_of(checkpoint);
  if (!std::holds_alternative<VocoderConfig>(config.model))
    fail(checkpoint.name, ": holds a model of type ", type_of(config.model), ", expected ", VocoderConfig::kType);
  auto out = std::make_unique<VocoderSystem>(config);
  check_fingerprint(checkpoint, out->fingerprint());
  out->restore(checkpoint);
  out->set_mode({});
  return out;
}

std::unique_ptr<VocoderSystem> load_vocoder_of(const std::filesystem::path& run, const SpectrogramConfig& bands,
                                               int sample_rate) {
  const auto described = [](const SpectrogramConfig& c, int rate) {
    return text(c.mels, " bands from ", c.low, " to ", c.high, " Hz, window ", c.window, ", step ", c.step, ", ", rate,
                " Hz");
  };
  std::unique_ptr<VocoderSystem> out = load_vocoder(read_checkpoint(find_checkpoint(run)));
  const std::string wanted = described(bands, sample_rate),
                    found = described(std::get<VocoderConfig>(out->config().model),
                                      out->config().data.sample_rate);
  if (bands.law == "power")
    fail(run.string(), ": a vocoder reads magnitudes, but the notes are powers: expected model.law: log or log1p");
  if (wanted != found) fail(run.string(), ": a vocoder of ", found, ", but the notes are ", wanted);
  return out;
}

SystemKind vocoder_system() {
  return {VocoderConfig::kType, {{"decoder", true}, {"waveform_discriminator"}}, vocoder_values, check_vocoder,
          make_vocoder_system};
}

}  // namespace nr
