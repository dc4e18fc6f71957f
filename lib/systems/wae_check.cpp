// The row of notes in the table of systems: its values, and checks of its config.
#include <algorithm>

#include "base/names.h"
#include "systems/table.h"
#include "systems/wae.h"

namespace nr {
namespace {

std::vector<ValueOffer> values_of(const RunConfig& config) {
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
  return out;
}

void check(const RunConfig& config, const config::Located& at) {
  const auto& model = std::get<WaeConfig>(config.model);
  const int samples = model.frames * model.step;
  if (config.data.segment != samples)
    at.fail("data.segment", ": ", config.data.segment, " must be model.frames * model.step (", samples,
            "): an example is a whole note");
  if (samples % config.descriptors.hop)
    at.fail("descriptors.hop", ": ", config.descriptors.hop, " must divide data.segment (", samples, ")");
  if (!(model.low < std::min(model.high, config.data.sample_rate / 2.0)))
    at.fail("model.low", ": ", model.low, " Hz must be below model.high and half of data.sample_rate");
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
  if (config.training.batch < 2)
    at.fail("training.batch", ": ", config.training.batch, ", but the networks normalise by the batch and need 2");
}

std::unique_ptr<System> make(const RunConfig& config, const std::filesystem::path&) {
  return std::make_unique<WaeSystem>(config);
}

}  // namespace

SystemKind wae_system() {
  return {WaeConfig::kType,
          {{"encoder", true}, {"decoder", true}, {"latent_discriminator"}, {"classifier"}},
          values_of,
          check,
          make};
}

}  // namespace nr
