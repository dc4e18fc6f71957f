#include <algorithm>

#include "base/names.h"
#include "effects/knobs.h"
#include "losses/descriptors.h"
#include "systems/autoencoder.h"

namespace nr {
namespace {

// With data.pairs the controls are the knobs of data.effects, all of them.
void check_knobs(const RunConfig& config, const config::Located& at) {
  if (std::holds_alternative<MelVaeConfig>(config.model))
    at.fail("data.pairs", ": a mel_vae learns no effect; expected a rave, a rave_v2 or an effects model");
  if (config.data.effects.slots.empty()) at.fail("data.effects", " is empty: there is no effect to learn");
  const std::vector<std::string> knobs = Knobs(config.data.effects, config.descriptors.classes).names();
  if (config.descriptors.controls != knobs)
    at.fail("descriptors.controls", ": with data.pairs these are the knobs of data.effects: expected ", join(knobs),
            ", found ", join(config.descriptors.controls));
}

void check_descriptors(const DescriptorConfig& d, bool knobs, int hop, const config::Located& at) {
  if (hop % d.hop) at.fail("descriptors.hop", ": ", d.hop, " must divide the model's hop of ", hop, " samples");
  for (const std::string& control : d.controls)
    if (!knobs && !contains(d.names, control))
      at.fail("descriptors.controls", ": '", control, "' is not among descriptors.names");
  for (const auto& [control, weight] : d.weights) {
    if (!contains(d.controls, control))
      at.fail("descriptors.weights", ": '", control, "' is not among descriptors.controls");
    if (!contains(differentiable_descriptors(), control))
      at.fail("descriptors.weights", ": '", control, "' has no differentiable form to weigh; expected ",
              join(differentiable_descriptors(), " or "));
    if (!(weight > 0)) at.fail("descriptors.weights." + control, ": ", weight, " must be more than 0");
  }
}

}  // namespace

std::vector<ValueOffer> latent_values(const RunConfig& config) {
  const bool gaussian = statistics(latent_of(autoencoder_of(config.model))) == 2;
  std::vector<ValueOffer> out = batch_values(config);
  out.push_back({"posterior.mean", ""});
  out.push_back({"posterior.std", gaussian ? "" : "a gaussian latent; other latents have no posterior"});
  out.push_back({"latent", ""});
  return out;
}

void check_autoencoder(const RunConfig& config, int fewest, const config::Located& at) {
  const int hop = nr::hop(autoencoder_of(config.model));
  if (config.data.segment % hop || config.data.segment < fewest * hop)
    at.fail("data.segment", ": ", config.data.segment, " must be a multiple of the model's hop of ", hop,
            " samples, and at least ", fewest, " of them");
  check_descriptors(config.descriptors, config.data.pairs, hop, at);
  if (config.data.pairs) check_knobs(config, at);
  for (const char* control : {"pitch", "periodicity"})
    if (has_excitation(config.model) && !contains(config.descriptors.controls, control))
      at.fail("model.excitation", ": plays at a pitch, but ", control, " is not among descriptors.controls (",
              join(config.descriptors.controls), ")");
  for (const auto& [phase_name, phase] : config.training.phases)
    for (const auto& [name, optimiser] : phase.optimisers)
      if (phase.steps > 0 && contains(optimiser.parts, "encoder") && !contains(optimiser.parts, "decoder"))
        at.fail("training.phases." + phase_name + ".optimisers." + name + ".parts",
                ": the encoder learns through the decoder; the same optimiser must train both");
}

}  // namespace nr
