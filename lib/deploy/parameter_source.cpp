// A few inputs to all parameters of a synthesizer: what ships of a run that infers them.
#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include "base/error.h"
#include "base/log.h"
#include "data/split.h"
#include "deploy/source.h"
#include "nn/device.h"
#include "nn/floats.h"
#include "systems/latent_directions.h"

namespace nr {
namespace {

constexpr int kRate = 48000, kHop = 480;  // a hundred ticks a second, at a rate that a Daisy plays
constexpr size_t kKnownSounds = 512;      // training sounds that rank the components
constexpr int64_t kDraws = 2000;

std::vector<Control> parameters_of(const ParameterSpace& space) {
  std::vector<Control> out;
  for (const SynthParameter& p : space.columns())
    out.push_back({p.name, p.unit, p.low, p.high, p.law == SynthParameter::Law::kLogarithmic ? 2 : 0});
  return out;
}

class ParameterSource : public ExportSource {
 public:
  ParameterSource(const ExportConfig& config, const Checkpoint& checkpoint)
      : system_(load_synthesizer(checkpoint)), ticks_(int64_t(config.seconds * kRate / kHop)) {
    const torch::NoGradGuard no_grad;
    part = config.part, output = "parameters";
    if (part != "decoder")
      fail("--part ", part, ": of a run that infers parameters the decoder ships, from latent to parameters");
    if (config.fidelity)
      fail("--fidelity: components of a run that infers parameters are ranked by what they move: give --latents");
    latent_size = int(system_->latent_size());
    if (latent_size == 0) fail(config.run, ": infers parameters without a latent (model.latent: none)");
    if (config.latents > latent_size) fail("--latents ", config.latents, ": the model has ", latent_size);
    step = step_of(checkpoint), sample_rate = kRate, model.controls = controls = parameters_of(system_->space());
    rank(config, checkpoint);
    DescribedGraph described;
    const Wire given = described.graph.input("latent", int(steps_.size(1)), kHop);
    const Wire latent = components ? described.affine("components", given, steps_, middle_) : given;
    described.graph.output(output, system_->describe_decoder(described, latent));
    graph = described.graph;
    for (const auto& [name, w] : described.weights) weights[name] = {floats_of(w.first), floats_of(w.second), {}, {}};
    calibrated_on = text(kDraws, " draws of the inputs"), scored_on = "inputs that move slowly";
  }

  // Draws twice as wide as the training sounds lie, and every input from one end to the other.
  Wires calibration() const override {
    const int64_t n = steps_.size(1);
    const auto draws = torch::randn({kDraws, n}, at::detail::createCPUGenerator(1));
    std::vector<torch::Tensor> rows{(2 * draws).clamp(-kDirectionEnd, kDirectionEnd)};
    for (int64_t i = 0; i < n; ++i) {
      rows.push_back(torch::zeros({50, n}));
      rows.back().select(1, i).copy_(torch::linspace(-kDirectionEnd, kDirectionEnd, 50));
    }
    return {{"latent", torch::cat(rows).t().unsqueeze(0).contiguous()}};
  }

  // Every input swings within three deviations, each by another period, of seconds.
  Scored scored(const Lowered&) const override {
    const torch::NoGradGuard no_grad;
    const auto time = torch::arange(ticks_, torch::kDouble).unsqueeze(1) * kHop / kRate;
    const auto periods = 2 + 0.37 * torch::arange(steps_.size(1), torch::kDouble);
    const auto places = (3 * torch::sin(2 * M_PI * time / periods + periods)).to(torch::kFloat);
    const auto wanted = system_->infer_latent(torch::matmul(places, steps_.t()) + middle_);
    return {{{"latent", places.t().unsqueeze(0).contiguous()}}, wanted.t().unsqueeze(0).contiguous()};
  }

 private:
  // By the components of the training sounds, the one that moves the parameters most first; without prepared data by
  // the latent's own dimensions.
  void rank(const ExportConfig& config, const Checkpoint& checkpoint) {
    middle_ = torch::zeros({latent_size}), steps_ = torch::eye(latent_size);
    std::vector<LatentDirection> ranked;
    try {
      const auto splits = checkpoint.texts.find("splits");
      const Dataset dataset(system_->config().data, system_->config().descriptors,
                            splits == checkpoint.texts.end() ? std::map<std::string, Split>{}
                                                             : parse_splits(splits->second));
      const auto latents = training_latents(*system_, dataset, kKnownSounds);
      ranked = ranked_directions(*system_, analyse_latents(latents, torch::ones({latents.size(0)})));
    } catch (const Error& error) {
      if (config.latents) fail("--latents ", config.latents, " needs the run's data: ", error.what());
      log_warning(text(error.what(), ": the inputs are the latent's own dimensions, in no order"));
      notes.push_back(text("inputs: ", latent_size, " dimensions of the latent"));
      return;
    }
    components = config.latents ? config.latents : latent_size;
    fidelity = 0;
    std::vector<torch::Tensor> steps;
    for (int i = 0; i < components; ++i)
      steps.push_back(ranked[size_t(i)].step), fidelity += ranked[size_t(i)].share;
    middle_ = ranked.front().middle, steps_ = torch::stack(steps, 1);
    notes.push_back(text("inputs: ", components, " of ", latent_size, " principal components, in deviations of the ",
                         "training sounds, from the one that moves the parameters most on"));
  }

  std::unique_ptr<SynthesizerSystem> system_;
  int64_t ticks_;
  torch::Tensor middle_, steps_;  // latent = middle + steps inputs: [latent_size], [latent_size, inputs]
};

}  // namespace

std::unique_ptr<ExportSource> parameter_source(const ExportConfig& config, const Checkpoint& checkpoint) {
  choose_device("cpu");
  return std::make_unique<ParameterSource>(config, checkpoint);
}

}  // namespace nr
