// The row of effects in the table of systems: its values, and checks of its config.
#include "systems/effects.h"
#include "systems/inference.h"
#include "systems/table.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

std::vector<ValueOffer> effects_values(const RunConfig& config) {
  const auto& model = std::get<EffectsConfig>(config.model);
  const auto needs = [](bool there, const char* what) { return std::string(there ? "" : what); };
  std::vector<ValueOffer> out = batch_values(config);
  for (const char* name : {"dry.mel", "wet.mel", "effect", "encoded.mel", "target.mel", "posterior.mean", "latent",
                           "decoded.mel"})
    out.push_back({name, ""});
  out.push_back({"posterior.std", needs(model.latent == "gaussian", "model.latent: gaussian")});
  for (const char* name : {"shift", "shift.asked", "moved.mel"})
    out.push_back({name, needs(model.direction == "topology", "model.direction: topology")});
  for (ValueOffer& offer : inference_values(model)) {
    if (model.direction != "matching") offer.lacking = "model.direction: matching";
    out.push_back(offer);
  }
  return out;
}

void check_effects(const RunConfig& config, const config::Located& at) {
  const auto& model = std::get<EffectsConfig>(config.model);
  check_whole_notes(model, config, at);
  if (!config.data.pairs) at.fail("data.pairs", ": false, but effects are learned from pairs");
  if (config.data.effects.slots.empty()) at.fail("data.effects", " is empty: there is no effect to learn");
  const ParameterSpace space = space_of(ChainLabels(config.data.effects));
  if (model.direction == "topology" && model.reserved >= model.latent_size)
    at.fail("model.reserved", ": ", model.reserved, " must be less than model.latent_size (", model.latent_size, ")");
  if (model.direction == "matching") check_inference(model, model.latent_size, space, at);
  if (model.direction == "transfer" && !model.film && !model.conditional_norm)
    at.fail("model.film", ": without it and without conditional_norm nothing reads the effect");
  if (model.direction != "transfer" && has_frames(config))
    at.fail("model.direction", ": ", model.direction, ", but the part frames, which is trained, belongs to transfer");
  if (model.decoder_kernels.size() < 2) at.fail("model.decoder_kernels", " needs two kernels");
  if (config.training.batch < 2)
    at.fail("training.batch", ": ", config.training.batch, ", but the networks normalise by the batch and need 2");
}

std::unique_ptr<System> make_effects(const RunConfig& config, const std::filesystem::path&) {
  return std::make_unique<EffectsSystem>(config);
}

}  // namespace

SystemKind effects_system() {
  return {EffectsConfig::kType,
          {{"encoder", true}, {"decoder", true}, {"map", true}, {"regressor", true}, {"critic"}, {"frames", true}},
          effects_values,
          check_effects,
          make_effects};
}

}  // namespace nr
