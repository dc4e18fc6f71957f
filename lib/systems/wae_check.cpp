// The row of notes in the table of systems: its values, and checks of its config.
#include <algorithm>

#include "base/files.h"
#include "base/names.h"
#include "nn/checkpoint.h"
#include "systems/table.h"
#include "systems/vocoder.h"
#include "systems/wae.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

std::vector<ValueOffer> wae_values(const RunConfig& config) {
  const auto& model = std::get<WaeConfig>(config.model);
  const auto needs = [](bool there, const char* what) { return std::string(there ? "" : what); };
  const std::string conditions = needs(!model.conditions.empty(), "model.conditions, which is empty"),
                    faded = needs(!model.faded.empty(), "model.faded, which is empty");
  std::vector<ValueOffer> out;
  for (ValueOffer& offer : batch_values(config))
    if (offer.name != "batch.classes") out.push_back(offer);
  out.push_back({"batch.classes", faded});
  for (const char* name : {"target.mel", "posterior.mean", "latent", "decoded.mel"}) out.push_back({name, ""});
  out.push_back({"posterior.std", needs(model.latent == "gaussian", "model.latent: gaussian")});
  for (const char* name : {"condition", "exchanged.condition", "exchanged.mel"}) out.push_back({name, conditions});
  for (const char* name : {"target.audio", "decoded.audio"})
    out.push_back({name, needs(!model.vocoder.empty(), "model.vocoder, which is empty")});
  return out;
}

void check_wae(const RunConfig& config, const config::Located& at) {
  const auto& model = std::get<WaeConfig>(config.model);
  check_whole_notes(model, config, at);
  const auto check_label = [&](const char* field, const std::string& label) {
    if (!contains(config.data.labels, label))
      at.fail(field, ": '", label, "' is not among data.labels", hint(label, config.data.labels));
    const auto found = config.data.classes.find(label);
    if (found == config.data.classes.end())
      at.fail(field, ": '", label, "' has no classes in data.classes: a model is made for those it names");
    if (found->second.size() < 2)
      at.fail("data.classes." + label, ": has ", found->second.size(), " class, but it takes 2 to tell apart");
    for (const std::string& name : found->second)
      if (std::count(found->second.begin(), found->second.end(), name) > 1)
        at.fail("data.classes." + label, ": '", name, "' stands there twice");
  };
  for (const std::string& label : model.conditions) check_label("model.conditions", label);
  if (!model.faded.empty()) check_label("model.faded", model.faded);
  if (!model.conditions.empty() && !model.film && !model.conditional_norm)
    at.fail("model.film", ": without it and without conditional_norm nothing reads the conditions");
  if (model.decoder_kernels.size() < 2) at.fail("model.decoder_kernels", " needs two kernels");
  if (!model.vocoder.empty() && model.law == "power")
    at.fail("model.law", ": power, but the vocoder of model.vocoder reads magnitudes; expected log or log1p");
  for (const auto& [phase_name, phase] : config.training.phases)
    for (const auto& [name, optimiser] : phase.optimisers)
      if (phase.steps > 0 && model.vocoder.empty() && contains(optimiser.parts, "vocoder"))
        at.fail("training.phases." + phase_name + ".optimisers." + name + ".parts",
                ": vocoder, but model.vocoder is empty: expected the run of a trained vocoder there");
  if (config.training.batch < 2)
    at.fail("training.batch", ": ", config.training.batch, ", but the networks normalise by the batch and need 2");
}

// The vocoder's checkpoint is copied at the first start; afterwards its run may change or go.
std::unique_ptr<System> make_wae(const RunConfig& config, const std::filesystem::path& folder) {
  const auto& model = std::get<WaeConfig>(config.model);
  if (model.vocoder.empty()) return std::make_unique<WaeSystem>(config);
  const std::filesystem::path copy = folder / kWaeVocoder;
  const bool copied = std::filesystem::exists(copy);
  const auto vocoder = load_vocoder_of(copied ? copy.string() : model.vocoder, model, config.data.sample_rate);
  if (!copied) write_file(copy, read_file(find_checkpoint(model.vocoder)));
  return std::make_unique<WaeSystem>(config, vocoder->network());
}

}  // namespace

SystemKind wae_system() {
  return {WaeConfig::kType,
          {{"encoder", true}, {"decoder", true}, {"latent_discriminator"}, {"classifier"}, {"vocoder", true}},
          wae_values,
          check_wae,
          make_wae};
}

}  // namespace nr
