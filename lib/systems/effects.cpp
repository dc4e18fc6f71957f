#include "systems/effects.h"

#include <algorithm>
#include <cstdio>

#include "base/hash.h"
#include "base/names.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "nn/parameter_count.h"
#include "systems/inference.h"
#include "systems/table.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

constexpr int kMeasuredBatches = 8;  // of training, for the spectrogram's normalisation

// A movement of the first dimensions as one of all: [n, reserved] -> [n, size].
torch::Tensor widened(const torch::Tensor& x, int64_t size) { return torch::constant_pad_nd(x, {0, size - x.size(1)}); }

}  // namespace

bool has_frames(const RunConfig& config) {
  for (const auto& [phase_name, phase] : config.training.phases)
    for (const auto& [name, optimiser] : phase.optimisers)
      if (contains(optimiser.parts, "frames")) return true;
  return false;
}

ParameterSpace space_of(const ChainLabels& labels) {
  std::vector<std::string> names;
  for (const SynthParameter& p : labels.columns()) names.push_back(p.name);
  return {labels.columns(), names};
}

EffectsSystem::EffectsSystem(const RunConfig& config)
    : config_(config),
      model_(std::get<EffectsConfig>(config.model)),
      labels_(config.data.effects),
      space_(space_of(labels_)) {
  torch::manual_seed(uint64_t(config.seed));
  settings_.mmd = config.training.mmd;
  const int64_t effect = space_.scores() + space_.continuous(), latent = model_.latent_size;
  encoder_ = std::make_shared<WaeEncoder>(model_, config.data.sample_rate);
  decoder_ = std::make_shared<WaeDecoder>(model_, model_.direction == "transfer" ? effect + 1 : 0);
  parts_ = {{"encoder", encoder_}, {"decoder", decoder_}};
  if (has_frames(config))
    parts_.push_back({"frames", frames_ = std::make_shared<FrameTransfer>(model_.mels, effect + 1)});
  if (model_.direction == "topology")
    parts_.push_back({"map", map_ = std::make_shared<EffectMap>(effect, model_.reserved)});
  if (model_.direction == "matching")
    parts_.push_back({"regressor", regressor_ = make_regressor(model_, space_, latent, uint64_t(config.seed) + 1)});
  if (contains(parts_read(config), "critic"))
    parts_.push_back({"critic", std::make_shared<LatentCritic>(latent, model_.critic_widths)});
}

DataNeeds EffectsSystem::needs() const {
  DataNeeds out{config_.data, config_.descriptors, config_.data.segment, {}, {}};
  out.whole = true;
  return out;
}

void EffectsSystem::begin(Loader& loader) {
  std::vector<torch::Tensor> audio;
  for (int i = 0; i < kMeasuredBatches; ++i) {
    const Batch batch = loader.batch(i);
    audio.push_back(batch.audio.to(device_)), audio.push_back(batch.wet.to(device_));
  }
  encoder_->spectrogram->measure(torch::cat(audio));
}

void EffectsSystem::set_mode(const std::set<std::string>& learning) {
  samples_ = !learning.empty(), encoder_learns_ = learning.count("encoder") > 0;
  for (const Part& part : parts_) part.module->train(learning.count(part.name) > 0);
}

torch::Tensor EffectsSystem::effect_of(const torch::Tensor& parameters, const torch::Tensor& mask) const {
  return effect_vector(space_, space_.positions(parameters), mask);
}

// The last number: is the effect taken off?
torch::Tensor EffectsSystem::condition_of(const torch::Tensor& effect, bool off) const {
  return torch::cat({effect, torch::full({effect.size(0), 1}, off ? 1.0 : 0.0, effect.options())}, 1);
}

void EffectsSystem::produce(const Batch& batch, Random&, Values& values) {
  add_batch(batch, values);
  values.add({"dry.mel", "wet.mel"}, [this, batch] {
    const torch::NoGradGuard no_grad;
    return std::vector<torch::Tensor>{spectrogram().forward(batch.audio), spectrogram().forward(batch.wet)};
  });
  values.add({"effect"}, [this, batch] {
    return std::vector<torch::Tensor>{effect_of(batch.parameters, batch.parameter_mask)};
  });
  // What is encoded, and what is decoded from it.
  values.add({"encoded.mel", "target.mel"}, [this, &values] {
    const auto &dry = values["dry.mel"], &wet = values["wet.mel"];
    if (model_.direction == "matching") return std::vector<torch::Tensor>{wet, wet};
    const auto both = torch::cat({dry, wet});
    if (model_.direction == "topology") return std::vector<torch::Tensor>{both, both};
    if (!model_.both_ways) return std::vector<torch::Tensor>{dry, wet};
    return std::vector<torch::Tensor>{both, torch::cat({wet, dry})};
  });
  produce_latent(values);
  if (map_) produce_shift(values);
  if (regressor_) {
    values.add({"condition"}, [&values] { return std::vector<torch::Tensor>{values["latent"].squeeze(2)}; });
    add_inference(batch.parameters, space_, model_, *regressor_, values);
  }
}

void EffectsSystem::produce_latent(Values& values) {
  const NoteLatent latent{[this, &values] { return encoder_->features(values["encoded.mel"]); }, encoder_->mean,
                          encoder_->scale, encoder_learns_, samples_};
  latent.add_posterior(values);
  latent.add_latent(values);
  values.add({"decoded.mel"}, [=, &values] {
    torch::Tensor given;
    if (model_.direction == "transfer") {
      given = condition_of(values["effect"], false);
      if (model_.both_ways) given = torch::cat({given, condition_of(values["effect"], true)});
    }
    const auto latent = values["latent"].squeeze(2);
    if (!given.defined()) return std::vector<torch::Tensor>{decoder_->forward(latent, {})};
    const auto& from = values["encoded.mel"];
    return std::vector<torch::Tensor>{from + change_of(from, latent, given)};
  });
}

torch::Tensor EffectsSystem::change_of(const torch::Tensor& from, const torch::Tensor& latent,
                                       const torch::Tensor& condition) {
  const auto decoded = decoder_->forward(latent, condition);
  return frames_ ? decoded + frames_->forward(from, condition) : decoded;
}

void EffectsSystem::produce_shift(Values& values) {
  values.add({"shift", "shift.asked"}, [this, &values] {
    const auto halves = values["posterior.mean"].squeeze(2).chunk(2);
    return std::vector<torch::Tensor>{halves[1] - halves[0], map_->forward(values["effect"])};
  });
  values.add({"moved.mel"}, [this, &values] {
    const auto dry = values["latent"].squeeze(2).chunk(2)[0];
    return std::vector<torch::Tensor>{decoder_->forward(dry + widened(values["shift.asked"], dry.size(1)), {})};
  });
}

torch::Tensor EffectsSystem::encode(const torch::Tensor& seen) {
  const torch::NoGradGuard no_grad;
  return encoder_->mean->forward(encoder_->features(seen));
}

torch::Tensor EffectsSystem::reconstruct(const torch::Tensor& seen) {
  const torch::NoGradGuard no_grad;
  return model_.direction == "transfer" ? torch::Tensor() : decoder_->forward(encode(seen), {});
}

torch::Tensor EffectsSystem::wet_of(const torch::Tensor& dry, const torch::Tensor& parameters,
                                    const torch::Tensor& mask) {
  return moved(dry, parameters, mask, false);
}

torch::Tensor EffectsSystem::dry_of(const torch::Tensor& wet, const torch::Tensor& parameters,
                                    const torch::Tensor& mask) {
  return moved(wet, parameters, mask, true);
}

torch::Tensor EffectsSystem::moved(const torch::Tensor& from, const torch::Tensor& parameters,
                                   const torch::Tensor& mask, bool off) {
  const torch::NoGradGuard no_grad;
  const auto effect = effect_of(parameters, mask);
  if (map_) {
    const auto latent = encode(from), by = widened(map_->forward(effect), latent.size(1));
    // What the movement changes, of the sound itself: what the autoencoder loses is not lost twice.
    return from + decoder_->forward(off ? latent - by : latent + by, {}) - decoder_->forward(latent, {});
  }
  const bool can = model_.direction == "transfer" && (model_.both_ways || !off);
  return can ? from + change_of(from, encode(from), condition_of(effect, off)) : torch::Tensor();
}

torch::Tensor EffectsSystem::infer(const torch::Tensor& wet, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  return regressor_ ? infer_positions(*regressor_, encode(wet), seed) : torch::Tensor();
}

std::vector<std::string> EffectsSystem::validated() const {
  return regressor_ ? std::vector<std::string>{"parameter_error"} : std::vector<std::string>{};
}

std::vector<std::string> EffectsSystem::describe() const {
  char millions[40];
  std::snprintf(millions, sizeof millions, "%.3f M weights", double(count_parameters(parts_)) / 1e6);
  return {text("pairs of ", model_.mels, " x ", model_.frames, ", latent of ", model_.latent_size, ", ",
               model_.direction, "; ", space_.size(), " columns of effects; ", millions)};
}

std::string EffectsSystem::fingerprint() const {
  EffectsConfig networks = model_;
  networks.griffin_lim = 1, networks.dropout = 0, networks.unconditional = 0, networks.guidance = 1,
  networks.ode_steps = 1;  // no weights
  std::string described;
  for (const SynthParameter& p : space_.columns())
    described += text(p.name, " ", int(p.kind), " ", int(p.law), " ", p.low, " ", p.high, " ", join(p.choices), "\n");
  config::Value all = config::Writer::write(networks);
  // Checkpoints of before there was this field keep their fingerprint.
  const auto later = [&](const auto& field) { return field.first == "amortisation" && field.second.scalar == "none"; };
  all.fields.erase(std::remove_if(all.fields.begin(), all.fields.end(), later), all.fields.end());
  return hex(hash64(described + config::dump(all)));
}

void EffectsSystem::store(Checkpoint& checkpoint) const {
  for (const Part& part : parts_) nr::store(*part.module, part.name, checkpoint);
}

void EffectsSystem::restore(const Checkpoint& checkpoint) {
  for (const Part& part : parts_)
    if (part.name != "critic" || !below(checkpoint, "critic/").empty())
      nr::restore(*part.module, part.name, checkpoint);
}

std::unique_ptr<EffectsSystem> load_effects(const Checkpoint& checkpoint) {
  const RunConfig config = run_config_of(checkpoint);
  if (!std::holds_alternative<EffectsConfig>(config.model))
    fail(checkpoint.name, ": holds a model of type ", type_of(config.model), ", expected ", EffectsConfig::kType);
  auto out = std::make_unique<EffectsSystem>(config);
  check_fingerprint(checkpoint, out->fingerprint());
  out->restore(checkpoint);
  out->set_mode({});
  return out;
}

}  // namespace nr
