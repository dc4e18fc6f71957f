#include "systems/synthesizer.h"

#include <cstdio>

#include "base/hash.h"
#include "base/names.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "nn/parameter_count.h"
#include "nn/ranks.h"
#include "synth/host.h"
#include "systems/inference.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

constexpr int kMeasuredBatches = 8;  // of training, for the spectrogram's mean and deviation

}  // namespace

SynthesizerSystem::SynthesizerSystem(const RunConfig& config)
    : config_(config),
      model_(std::get<SynthesizerConfig>(config.model)),
      space_(synth_parameters(model_.synth), config.data.parameters),
      latent_size_(model_.latent == "none"    ? 0
                   : model_.latent_size == 0 ? space_.continuous()
                                             : model_.latent_size) {
  torch::manual_seed(uint64_t(config.seed));
  settings_.mmd = config.training.mmd;
  encoder_ = std::make_shared<NoteEncoder>(model_, config.data.sample_rate, latent_size_,
                                           int64_t(config.data.tags.size()), uint64_t(config.seed));
  parts_.push_back({"encoder", encoder_});
  if (latent_size_ > 0) {
    decoder_ = std::make_shared<SpectrogramDecoder>(model_, latent_size_);
    parts_.push_back({"decoder", decoder_});
  }
  const int64_t condition = latent_size_ ? latent_size_ : encoder_->network->features();
  regressor_ = make_regressor(model_, space_, condition, uint64_t(config.seed) + 1);
  parts_.push_back({"regressor", regressor_});
}

DataNeeds SynthesizerSystem::needs() const {
  DataNeeds out{config_.data, config_.descriptors, config_.data.segment, {}, {}};
  out.whole = true;
  return out;
}

void SynthesizerSystem::begin(Loader& loader) {
  std::vector<torch::Tensor> audio;
  for (int i = 0; i < kMeasuredBatches; ++i) audio.push_back(loader.batch(i).audio.to(device_));
  encoder_->spectrogram->measure(torch::cat(audio));
}

void SynthesizerSystem::set_mode(const std::set<std::string>& learning) {
  samples_ = !learning.empty(), encoder_learns_ = learning.count("encoder") > 0;
  for (const Part& part : parts_) part.module->train(learning.count(part.name) > 0);
}

void SynthesizerSystem::produce(const Batch& batch, Random&, Values& values) {
  add_batch(batch, values);
  values.add({"target.mel"}, [this, audio = batch.audio] {
    const torch::NoGradGuard no_grad;
    return std::vector<torch::Tensor>{spectrogram(audio)};
  });
  produce_latent(values);
  add_inference(batch.parameters, space_, model_, *regressor_, values);
}

void SynthesizerSystem::produce_latent(Values& values) {
  const auto learns = [this] { return encoder_learns_ && torch::GradMode::is_enabled(); };
  if (latent_size_ == 0) {
    values.add({"condition"}, [=, &values] {
      const torch::AutoGradMode gradients(learns());
      return std::vector<torch::Tensor>{encoder_->network->forward(values["target.mel"])};
    });
    return;
  }
  const NoteLatent latent{[this, &values] { return encoder_->network->forward(values["target.mel"]); }, encoder_->mean,
                          encoder_->scale, encoder_learns_, samples_};
  latent.add_posterior(values);
  values.add({"latent.encoded", "latent.base", "latent.log_det"}, [=, &values] {
    const torch::AutoGradMode gradients(learns());
    const auto &mean = values["posterior.mean"], &deviation = values["posterior.std"];
    const bool draws = deviation.defined() && samples_;
    const auto base = draws ? GaussianLatent::sample(mean, deviation, normal_like(mean)) : mean;
    if (!encoder_->posterior) return std::vector<torch::Tensor>{base, base, torch::zeros({base.size(0)})};
    const Mapped mapped = encoder_->posterior->forward(base.squeeze(2));
    return std::vector<torch::Tensor>{mapped.value.unsqueeze(2), base, mapped.log_det};
  });
  values.add({"latent", "disentangled.log_det"}, [=, &values] {
    const torch::AutoGradMode gradients(learns());
    const auto& encoded = values["latent.encoded"];
    if (!encoder_->disentangling) return std::vector<torch::Tensor>{encoded, torch::zeros({encoded.size(0)})};
    const Mapped mapped = encoder_->disentangling->forward(encoded.squeeze(2));
    return std::vector<torch::Tensor>{mapped.value.unsqueeze(2), mapped.log_det};
  });
  values.add({"disentangled.deviation"}, [=] {
    const torch::AutoGradMode gradients(learns());
    return std::vector<torch::Tensor>{encoder_->tag_deviation()};
  });
  values.add({"condition"}, [&values] { return std::vector<torch::Tensor>{values["latent"].squeeze(2)}; });
  values.add({"decoded.mel"}, [this, &values] {
    return std::vector<torch::Tensor>{decoder_->forward(values["condition"])};
  });
}

torch::Tensor SynthesizerSystem::encode_plain(const torch::Tensor& spectrogram) {
  const torch::NoGradGuard no_grad;
  const auto mean = encoder_->mean->forward(encoder_->network->forward(spectrogram));
  return encoder_->posterior ? encoder_->posterior->forward(mean).value : mean;
}

torch::Tensor SynthesizerSystem::encode(const torch::Tensor& spectrogram) {
  const torch::NoGradGuard no_grad;
  const auto plain = encode_plain(spectrogram);
  return encoder_->disentangling ? encoder_->disentangling->forward(plain).value : plain;
}

torch::Tensor SynthesizerSystem::reconstruct(const torch::Tensor& spectrogram) {
  const torch::NoGradGuard no_grad;
  return decoder_ ? decoder_->forward(encode(spectrogram)) : torch::Tensor();
}

torch::Tensor SynthesizerSystem::infer(const torch::Tensor& spectrogram, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const auto condition = latent_size_ ? encode(spectrogram) : encoder_->network->forward(spectrogram);
  return infer_positions(*regressor_, condition, seed);
}

torch::Tensor SynthesizerSystem::infer_latent(const torch::Tensor& latent) {
  return infer_positions(*regressor_, latent, 1);
}

std::vector<std::string> SynthesizerSystem::shown() const {
  return {"parameter_error", model_.regressor == "matching" ? "flow_matching"
                             : model_.regressor == "flow"   ? "parameter_gaussian"
                                                            : "parameter_mse"};
}

std::vector<std::string> SynthesizerSystem::describe() const {
  char line[40];
  std::snprintf(line, sizeof line, "%.3f M weights", double(count_parameters(parts_)) / 1e6);
  return {text(space_.size(), " parameters of ", model_.synth, ", ", space_.continuous(), " of them continuous; ",
               model_.encoder, ", latent ", model_.latent, latent_size_ ? text(" of ", latent_size_) : "", ", ",
               model_.regressor, "; ", line)};
}

std::string SynthesizerSystem::fingerprint() const {
  SynthesizerConfig networks = model_;
  networks.dropout = 0, networks.unconditional = 0, networks.guidance = 1, networks.ode_steps = 1;  // no weights
  std::string described;
  for (const SynthParameter& p : space_.columns())
    described += text(p.name, " ", int(p.kind), " ", int(p.law), " ", p.low, " ", p.high, "\n");
  // What differs from the defaults: a field that is added later leaves the fingerprints of earlier checkpoints alone.
  SynthesizerConfig standard;
  config::Value defaults = config::Writer::write(standard);
  for (const auto& [name, value] : config::Writer::write(networks).fields)
    if (config::dump(value) != config::dump(defaults[name])) described += text(name, ": ", config::dump(value), "\n");
  if (encoder_->disentangling) described += text(config_.data.tags.size(), " tags");
  return hex(hash64(described));
}

void SynthesizerSystem::store(Checkpoint& checkpoint) const {
  for (const Part& part : parts_) nr::store(*part.module, part.name, checkpoint);
}

void SynthesizerSystem::restore(const Checkpoint& checkpoint) {
  for (const Part& part : parts_) nr::restore(*part.module, part.name, checkpoint);
}

std::unique_ptr<SynthesizerSystem> load_synthesizer(const Checkpoint& checkpoint) {
  const RunConfig config = run_config_of(checkpoint);
  if (!std::holds_alternative<SynthesizerConfig>(config.model))
    fail(checkpoint.name, ": holds a model of type ", type_of(config.model), ", expected ", SynthesizerConfig::kType);
  auto out = std::make_unique<SynthesizerSystem>(config);
  check_fingerprint(checkpoint, out->fingerprint());
  out->restore(checkpoint);
  out->set_mode({});
  return out;
}

}  // namespace nr
