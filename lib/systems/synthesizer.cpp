#include "systems/synthesizer.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cstdio>

#include "base/hash.h"
#include "base/names.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "synth/host.h"

namespace nr {
namespace {

constexpr int kMeasuredBatches = 8;  // of training, for the spectrogram's mean and deviation

int64_t count_of(const Parts& parts) {
  int64_t sum = 0;
  for (const Part& part : parts)
    for (const torch::Tensor& p : part.module->parameters()) sum += p.numel();
  return sum;
}

std::shared_ptr<Regressor> make_regressor(const SynthesizerConfig& model, const ParameterSpace& space,
                                          int64_t condition, uint64_t seed) {
  if (model.regressor == "flow") return std::make_shared<FlowRegressor>(model, space, condition, seed);
  if (model.regressor == "matching") return std::make_shared<MatchingRegressor>(model, space, condition);
  return std::make_shared<DenseRegressor>(model, space, condition);
}

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
  values.add({"parameters.positions"}, [this, given = batch.parameters] {
    return std::vector<torch::Tensor>{space_.positions(given)};
  });
  values.add({"parameters.continuous", "parameters.continuous_mask"}, [this, &values] {
    return std::vector<torch::Tensor>{space_.of_continuous(values["parameters.positions"]),
                                      space_.of_continuous(values["batch.parameter_mask"])};
  });
  if (model_.regressor == "matching") produce_velocity(values);
  else produce_inferred(values);
  values.add({"inferred.positions"}, [this, &values] {
    const torch::NoGradGuard no_grad;
    return std::vector<torch::Tensor>{infer_from(values["condition"].detach(), 1)};
  });
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
  values.add({"posterior.mean", "posterior.std"}, [=, &values] {
    const torch::AutoGradMode gradients(learns());
    const auto features = encoder_->network->forward(values["target.mel"]);
    torch::Tensor deviation;
    if (encoder_->scale) deviation = GaussianLatent::deviation(encoder_->scale->forward(features)).unsqueeze(2);
    return std::vector<torch::Tensor>{encoder_->mean->forward(features).unsqueeze(2), deviation};
  });
  values.add({"latent.encoded", "latent.base", "latent.log_det"}, [=, &values] {
    const torch::AutoGradMode gradients(learns());
    const auto &mean = values["posterior.mean"], &deviation = values["posterior.std"];
    const auto base = deviation.defined() && samples_ ? GaussianLatent::sample(mean, deviation) : mean;
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

void SynthesizerSystem::produce_inferred(Values& values) {
  values.add({"inferred.continuous", "inferred.choice_nats", "inferred.log_det"}, [this, &values] {
    auto* flow = regressor_->as<FlowRegressor>();
    const Inferred found = flow ? flow->forward(values["condition"])
                                : regressor_->as<DenseRegressor>()->forward(values["condition"]);
    return std::vector<torch::Tensor>{
        found.continuous,
        space_.cross_entropy(found.scores, values["parameters.positions"], values["batch.parameter_mask"]),
        found.log_det};
  });
  values.add({"inferred.deviation"}, [this] {
    return std::vector<torch::Tensor>{regressor_->as<FlowRegressor>()->deviation()};
  });
  values.add({"inferred.target_deviation", "inferred.deviation_kl"}, [this] {
    const auto* flow = regressor_->as<FlowRegressor>();
    return std::vector<torch::Tensor>{flow->target_deviation(), flow->deviation_kl()};
  });
}

// Straight paths from noise to the parameters: the velocity wanted is their difference. A parameter that is not known
// stays noise.
void SynthesizerSystem::produce_velocity(Values& values) {
  values.add({"velocity.given", "velocity.wanted", "velocity.mask"}, [this, &values] {
    auto& matching = *regressor_->as<MatchingRegressor>();
    const auto& condition = values["condition"];
    const auto mask = matching.mask_of(values["batch.parameter_mask"]);
    const auto end = matching.vector_of(values["parameters.positions"]);
    const auto noise = torch::randn_like(end), known = torch::where(mask > 0, end, noise);
    const auto time = torch::rand({end.size(0), 1}, end.options());
    const auto with = (torch::rand_like(time) >= model_.unconditional).to(end.dtype());
    const auto given = matching.velocity(noise + time * (known - noise), time, condition, with);
    return std::vector<torch::Tensor>{given, known - noise, mask};
  });
  values.add({"velocity.assignment"}, [this] {
    return std::vector<torch::Tensor>{regressor_->as<MatchingRegressor>()->assignment()};
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
  return infer_from(latent_size_ ? encode(spectrogram) : encoder_->network->forward(spectrogram), seed);
}

torch::Tensor SynthesizerSystem::infer_from(const torch::Tensor& condition, uint64_t seed) {
  return regressor_->infer(condition, at::detail::createCPUGenerator(seed));
}

std::vector<std::string> SynthesizerSystem::shown() const {
  return {"parameter_error", model_.regressor == "matching" ? "flow_matching"
                             : model_.regressor == "flow"   ? "parameter_gaussian"
                                                            : "parameter_mse"};
}

std::vector<std::string> SynthesizerSystem::describe() const {
  char line[40];
  std::snprintf(line, sizeof line, "%.3f M weights", double(count_of(parts_)) / 1e6);
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
