#include "systems/inference.h"

#include <ATen/CPUGeneratorImpl.h>

namespace nr {
namespace {

void add_regression(const ParameterSpace& space, Regressor& regressor, Values& values) {
  values.add({"inferred.continuous", "inferred.choice_nats", "inferred.log_det"}, [&] {
    auto* flow = regressor.as<FlowRegressor>();
    const Inferred found = flow ? flow->forward(values["condition"])
                                : regressor.as<DenseRegressor>()->forward(values["condition"]);
    return std::vector<torch::Tensor>{
        found.continuous,
        space.cross_entropy(found.scores, values["parameters.positions"], values["batch.parameter_mask"]),
        found.log_det};
  });
  values.add({"inferred.deviation"}, [&] {
    return std::vector<torch::Tensor>{regressor.as<FlowRegressor>()->deviation()};
  });
  values.add({"inferred.target_deviation", "inferred.deviation_kl"}, [&] {
    const auto* flow = regressor.as<FlowRegressor>();
    return std::vector<torch::Tensor>{flow->target_deviation(), flow->deviation_kl()};
  });
  values.add({"inferred.amortisation_kl"}, [&] {
    return std::vector<torch::Tensor>{regressor.as<FlowRegressor>()->amortisation_kl()};
  });
}

// Straight paths from noise to the parameters: the velocity wanted is their difference. A parameter that is not known
// stays noise.
void add_velocity(const RegressorConfig& config, MatchingRegressor& matching, Values& values) {
  values.add({"velocity.given", "velocity.wanted", "velocity.mask"}, [&] {
    const auto& condition = values["condition"];
    const auto mask = matching.mask_of(values["batch.parameter_mask"]);
    const auto end = matching.vector_of(values["parameters.positions"]);
    const auto noise = torch::randn_like(end), known = torch::where(mask > 0, end, noise);
    const auto time = torch::rand({end.size(0), 1}, end.options());
    const auto with = (torch::rand_like(time) >= config.unconditional).to(end.dtype());
    const auto given = matching.velocity(noise + time * (known - noise), time, condition, with);
    return std::vector<torch::Tensor>{given, known - noise, mask};
  });
  values.add({"velocity.assignment"}, [&] { return std::vector<torch::Tensor>{matching.assignment()}; });
}

}  // namespace

void add_inference(const torch::Tensor& given, const ParameterSpace& space, const RegressorConfig& config,
                   Regressor& regressor, Values& values) {
  values.add({"parameters.positions"}, [&, given] { return std::vector<torch::Tensor>{space.positions(given)}; });
  values.add({"parameters.continuous", "parameters.continuous_mask"}, [&] {
    return std::vector<torch::Tensor>{space.of_continuous(values["parameters.positions"]),
                                      space.of_continuous(values["batch.parameter_mask"])};
  });
  if (config.regressor == "matching") add_velocity(config, *regressor.as<MatchingRegressor>(), values);
  else add_regression(space, regressor, values);
  values.add({"inferred.positions"}, [&] {
    const torch::NoGradGuard no_grad;
    return std::vector<torch::Tensor>{infer_positions(regressor, values["condition"].detach(), 1)};
  });
}

std::vector<ValueOffer> inference_values(const RegressorConfig& config) {
  const auto needs = [](bool there, const char* what) { return std::string(there ? "" : what); };
  const bool matches = config.regressor == "matching", flows = config.regressor == "flow";
  const std::string inferred = needs(!matches, "model.regressor: regression or flow"),
                    flow = needs(flows, "model.regressor: flow"),
                    matching = needs(matches, "model.regressor: matching");
  std::vector<ValueOffer> out;
  for (const char* name : {"condition", "parameters.positions", "parameters.continuous", "parameters.continuous_mask",
                           "inferred.positions"})
    out.push_back({name, ""});
  for (const char* name : {"inferred.continuous", "inferred.choice_nats"}) out.push_back({name, inferred});
  for (const char* name : {"inferred.log_det", "inferred.deviation"}) out.push_back({name, flow});
  for (const char* name : {"inferred.target_deviation", "inferred.deviation_kl"})
    out.push_back({name, needs(flows && config.deviation == "variational",
                               "model.regressor: flow with deviation: variational")});
  out.push_back({"inferred.amortisation_kl", needs(flows && config.amortisation == "variational",
                                                   "model.regressor: flow with amortisation: variational")});
  for (const char* name : {"velocity.given", "velocity.wanted", "velocity.mask"}) out.push_back({name, matching});
  out.push_back({"velocity.assignment", needs(matches && config.velocity == "tokens",
                                              "model.regressor: matching with velocity: tokens")});
  return out;
}

void check_inference(const RegressorConfig& c, int64_t latent_size, const ParameterSpace& space,
                     const config::Located& at) {
  const bool flows = c.regressor == "flow", given = c.amortisation == "network";
  if (flows && !given && latent_size != space.continuous())
    at.fail("model.latent_size", ": ", latent_size, " must be the number of continuous parameters, ",
            space.continuous(), ": a flow maps one onto the other");
  if (flows && space.continuous() < 2) at.fail("data.parameters", ": a flow needs 2 continuous parameters");
  if (!flows && c.amortisation != "none")
    at.fail("model.amortisation", ": ", c.amortisation, " is of the regressor flow, not of ", c.regressor);
  if (c.amortisation != "none" && c.flow.length == 0)
    at.fail("model.flow.length", ": 0, but model.amortisation (", c.amortisation, ") needs a layer");
  if (given && c.flow.kind != "planar" && c.flow.kind != "sylvester")
    at.fail("model.flow.kind", ": ", c.flow.kind, ", but a network gives the weights of planar and sylvester layers: ",
            "the others hold networks of their own, whose weights are too many to be given for every sound");
  if (c.token_width % c.token_heads)
    at.fail("model.token_heads", ": ", c.token_heads, " must divide model.token_width (", c.token_width, ")");
}

torch::Tensor infer_positions(Regressor& regressor, const torch::Tensor& condition, uint64_t seed) {
  return regressor.infer(condition, at::detail::createCPUGenerator(seed));
}

}  // namespace nr
