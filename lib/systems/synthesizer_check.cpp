// The row of synthesizer inference in the table of systems: its values, and checks of its config.
#include "base/names.h"
#include "nn/parameter_space.h"
#include "synth/host.h"
#include "systems/inference.h"
#include "systems/synthesizer.h"
#include "systems/table.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

std::vector<ValueOffer> synthesizer_values(const RunConfig& config) {
  const auto& model = std::get<SynthesizerConfig>(config.model);
  const auto needs = [](bool there, const char* what) { return std::string(there ? "" : what); };
  const std::string latent = needs(model.latent != "none", "model.latent"),
                    gaussian = needs(model.latent == "gaussian", "model.latent: gaussian"),
                    posterior = needs(model.posterior.length > 0, "model.posterior"),
                    disentangling = needs(model.disentangling.length > 0, "model.disentangling");
  std::vector<ValueOffer> out = batch_values(config);
  for (const ValueOffer& offer : inference_values(model)) out.push_back(offer);
  out.push_back({"target.mel", ""});
  for (const char* name : {"latent", "decoded.mel", "posterior.mean"}) out.push_back({name, latent});
  out.push_back({"posterior.std", gaussian});
  for (const char* name : {"latent.base", "latent.log_det", "latent.encoded"}) out.push_back({name, posterior});
  for (const char* name : {"disentangled.log_det", "disentangled.deviation"}) out.push_back({name, disentangling});
  return out;
}

void check_synthesizer(const RunConfig& config, const config::Located& at) {
  const auto& model = std::get<SynthesizerConfig>(config.model);
  check_whole_notes(model, config, at);
  if (config.data.parameters.empty()) at.fail("data.parameters", " is empty: there is nothing to infer");
  if (!contains(synth_names(), model.synth))
    at.fail("model.synth", ": no synthesizer named '", model.synth, "'", hint(model.synth, synth_names()));
  std::vector<std::string> names;
  const SynthParameters all = synth_parameters(model.synth);
  for (const SynthParameter& p : all) names.push_back(p.name);
  for (const std::string& name : config.data.parameters)
    if (!contains(names, name))
      at.fail("data.parameters", ": ", model.synth, " has no parameter '", name, "'", hint(name, names));
  const ParameterSpace space(all, config.data.parameters);
  if (model.regressor == "flow" && model.latent == "none")
    at.fail("model.latent", ": a flow maps a latent to the parameters, but there is none");
  check_inference(model, model.latent_size ? model.latent_size : space.continuous(), space, at);
  if (model.latent != "none" && model.latent_size == 0 && space.continuous() == 0)
    at.fail("model.latent_size", ": 0 means as many as continuous parameters, of which there are none");
  if (model.latent != "gaussian" && model.posterior.length > 0)
    at.fail("model.posterior", ": needs model.latent: gaussian");
  if (model.disentangling.length > 0 && config.data.tags.empty())
    at.fail("data.tags", " is empty, but model.disentangling needs tags");
  if (model.disentangling.length > 0 && model.latent == "none")
    at.fail("model.latent", ": model.disentangling maps a latent, but there is none");
  const size_t latents = size_t(model.latent_size ? model.latent_size : space.continuous());
  if (model.latent != "none" && config.data.tags.size() > latents)
    at.fail("data.tags", ": ", config.data.tags.size(), " tags, but the latent has ", latents, " dimensions");
  for (const std::string& tag : config.data.tags)
    if (contains(descriptor_names(), tag) && !contains(config.descriptors.names, tag))
      at.fail("data.tags", ": the descriptor '", tag, "' is not measured; add it to descriptors.names");
  if (config.training.batch < 2)
    at.fail("training.batch", ": ", config.training.batch, ", but the networks normalise by the batch and need 2");
}

std::unique_ptr<System> make_synthesizer(const RunConfig& config, const std::filesystem::path&) {
  return std::make_unique<SynthesizerSystem>(config);
}

}  // namespace

SystemKind synthesizer_system() {
  return {SynthesizerConfig::kType,
          {{"encoder", true}, {"decoder", true}, {"regressor", true}},
          synthesizer_values,
          check_synthesizer,
          make_synthesizer};
}

}  // namespace nr
