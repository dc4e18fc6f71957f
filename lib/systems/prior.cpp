// A prior over the controls and latents of a trained model, which is frozen. The prior's folder holds a copy of that
// model: one belongs to the other, bit for bit, whatever becomes of the model's run.
#include <torch/torch.h>

#include <cstdio>

#include "base/files.h"
#include "base/hash.h"
#include "config/writer.h"
#include "graph/passes.h"
#include "nn/prior.h"
#include "systems/system.h"
#include "systems/table.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

// Made at the first start; afterwards the copy is read, so the model's run may change or go.
fs::path copied_base(const std::string& run, const fs::path& folder) {
  const fs::path copy = folder / kPriorBase;
  if (fs::exists(copy)) return copy;
  load_stream(run);
  write_file(copy, read_file(find_checkpoint(run)));
  return copy;
}

class PriorSystem : public System {
 public:
  PriorSystem(const RunConfig& config, const fs::path& folder)
      : config_(std::get<PriorConfig>(config.model)), base_(load_model(copied_base(config_.run, folder))) {
    base_hash_ = hex(hash64(read_file(folder / kPriorBase)));
    torch::manual_seed(config.seed);
    const ModelGraphs& graphs = base_.model->graphs();
    prior_ = std::make_shared<Prior>(config_, graphs.controls + graphs.latent_size, graphs.hop);
    if (config_.frames <= prior_->longest_delay())
      fail("model.frames: ", config_.frames, " must be more than the diagonal shift of ", prior_->longest_delay(),
           " frames (", prior_->dimensions(), " dimensions, model.together ", config_.together, ")");
    parts_ = {{"prior", prior_}};
    const DataConfig own = needs().data;
    if (!config.data.inputs.empty() && config::dump(config.data) != config::dump(own))
      fail("data: a prior is trained on the data of its model; leave the section out");
  }

  DataNeeds needs() const override {
    DataNeeds out{base_.config.data, base_.config.descriptors, base_.model->graphs().hop, {}, base_.scales};
    out.data.segment = config_.frames * out.hop;
    return out;
  }

  const LossSettings& settings() const override { return settings_; }
  void set_scales(const std::vector<Scale>&) override { base_.model->to(device_); }

  void begin(Loader& loader) override {
    std::vector<torch::Tensor> all;
    for (int i = 0; i < config_.measured_batches; ++i) all.push_back(tokens(loader.batch(i)));
    prior_->measure(torch::cat(all, 0));
  }

  void set_mode(const std::set<std::string>& learning) override { prior_->train(!learning.empty()); }

  void produce(const Batch& batch, Random&, Values& values) override {
    values.add({"tokens"}, [this, batch] { return std::vector<torch::Tensor>{tokens(batch)}; });
  }

  const char* selected_by() const override { return "nats"; }
  std::vector<std::string> watched() const override { return {"marginal_nats"}; }
  std::vector<std::string> shown() const override { return {"nats", "marginal_nats"}; }

  std::vector<std::string> describe() const override {
    const ModelGraphs& graphs = base_.model->graphs();
    const Measure m = measure(prior_->network().graph());
    const int rate = base_.config.data.sample_rate;
    char line[160];
    std::snprintf(line, sizeof line, "prior: %d controls and %d latents, %.3f M parameters, %.1f MMAC/s, sees %.2f s",
                  graphs.controls, graphs.latent_size, m.parameters / 1e6, m.macs_per_sample * rate / 1e6,
                  double(m.receptive_field) / rate);
    return {line};
  }

  std::string fingerprint() const override { return hex(prior_->network().graph().hash()); }

  void store(Checkpoint& checkpoint) const override {
    checkpoint.texts["model"] = base_hash_;
    nr::store(*prior_, "prior", checkpoint);
  }

  void restore(const Checkpoint& checkpoint) override { nr::restore(*prior_, "prior", checkpoint); }

 private:
  // Posterior means, not samples: what every use of a trained encoder plays. A dimension without information is then
  // nearly constant instead of noise that the prior would have to learn.
  torch::Tensor tokens(const Batch& batch) {
    const torch::NoGradGuard no_grad;
    const torch::Tensor latent = base_.model->encode(batch.audio.to(device_)).posterior.mean;
    return batch.controls.defined() ? torch::cat({batch.controls.to(device_), latent}, 1) : latent;
  }

  PriorConfig config_;
  TrainedModel base_;
  std::string base_hash_;
  std::shared_ptr<Prior> prior_;
  LossSettings settings_;
};

std::vector<ValueOffer> prior_values(const RunConfig&) { return {{"tokens", ""}}; }

void check_prior(const RunConfig& config, const config::Located& at) {
  if (std::get<PriorConfig>(config.model).run.empty())
    at.fail("model.run", " is empty: expected the folder of a trained run");
}

std::unique_ptr<System> make_prior(const RunConfig& config, const fs::path& folder) {
  return std::make_unique<PriorSystem>(config, folder);
}

}  // namespace

SystemKind prior_system() {
  return {"prior", {{"prior"}}, prior_values, check_prior, make_prior};
}

}  // namespace nr
