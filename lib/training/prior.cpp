#include "training/prior.h"

#include <torch/torch.h>

#include <cmath>
#include <cstdio>

#include "base/files.h"
#include "base/hash.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "config/writer.h"
#include "data/loader.h"
#include "graph/passes.h"
#include "nn/device.h"
#include "nn/prior.h"
#include "training/adam.h"
#include "training/journal.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr int kJournalEvery = 10;  // steps
const char* const kOptimiser = "optimiser/";

DataConfig data_of(const TrainedModel& base, int segment) {
  const config::Value root = config::parse_text(base.config, "the run's config");
  DataConfig data;
  if (const config::Value* section = root.find("data")) config::Reader::read(*section, data, "data");
  data.segment = segment;
  return data;
}

class PriorTraining {
 public:
  PriorTraining(const PriorRunConfig& config, const fs::path& folder)
      : config_(config),
        folder_(folder),
        base_(load_model(folder / kPriorBase)),
        base_hash_(hex(hash64(read_file(folder / kPriorBase)))),
        device_(choose_device(config.device)),
        data_(data_of(base_, config.training.frames * base_.model->graphs().hop), base_.descriptors) {
    torch::manual_seed(config.seed);
    const ModelGraphs& graphs = base_.model->graphs();
    prior_ = std::make_shared<Prior>(config.prior, graphs.controls + graphs.latent_size, graphs.hop);
    if (config.training.frames <= prior_->longest_delay())
      fail("training.frames: ", config.training.frames, " must be more than the diagonal shift of ", prior_->longest_delay(), " frames (",
           prior_->dimensions(), " dimensions, prior.together ", config.prior.together, ")");
    base_.model->to(device_);
    prior_->to(device_);
    std::vector<std::pair<std::string, torch::Tensor>> parameters;
    for (const auto& item : prior_->named_parameters()) parameters.emplace_back(item.key(), item.value());
    optimiser_ = std::make_unique<Adam>(parameters, config.training.betas);
    LoaderConfig loading{config.training.batch, graphs.hop, uint64_t(config.seed), 1, true};
    loader_ = std::make_unique<Loader>(data_, Split::kTrain, base_.scales, loading);
    loading.augment = false;
    if (!data_.split(Split::kValidation).empty()) validation_ = std::make_unique<Loader>(data_, Split::kValidation, base_.scales, loading);
  }

  void run(bool resume) {
    if (resume && fs::exists(checkpoint_path("last")))
      restore_state(read_checkpoint(checkpoint_path("last")));
    else
      measure_ranges();
    Journal journal(folder_ / "journal.jsonl", step_);
    describe();
    const PriorTrainingConfig& t = config_.training;
    Progress progress("prior", double(step_) / double(t.steps));
    const int64_t first = step_;
    const double started = now_seconds();
    while (step_ < t.steps) {
      const torch::Tensor values = values_of(loader_->batch(step_));
      const double nats = one_step(values);
      ++step_;
      if (step_ % kJournalEvery == 0 || step_ == t.steps) {
        const double speed = double(step_ - first) / (now_seconds() - started);
        const double marginal = prior_->marginal_nats(values).mean().item<double>();
        journal.write(step_, "prior", {{"nats", nats}, {"marginal_nats", marginal}, {"steps_per_second", speed}});
        char detail[128];
        std::snprintf(detail, sizeof detail, "step %lld of %lld  %.2f steps/s  %.3f nats a dimension, %.3f without a past", (long long)step_,
                      (long long)t.steps, speed, nats, marginal);
        progress.update(double(step_) / double(t.steps), detail);
      }
      const bool stop = interrupted() && step_ < t.steps;
      if (validation_ && (step_ % t.validate_every == 0 || step_ == t.steps)) validate(journal);
      if (stop || step_ == t.steps || step_ % t.checkpoint_every == 0) save("last");
      if (stop) return progress.done(text("stopped at step ", step_, ", saved; go on with --resume"));
    }
    progress.done(text(t.steps, " steps"));
    log_info(text("trained ", step_, " steps in ", duration_text(journal.seconds()), "; ", checkpoint_path("last").string()));
  }

 private:
  fs::path checkpoint_path(const std::string& name) const { return folder_ / "checkpoints" / (name + ".safetensors"); }

  void describe() {
    const Measure m = measure(prior_->network().graph());
    const int rate = base_.sample_rate;
    char line[160];
    std::snprintf(line, sizeof line, "prior: %d knobs and %d latents, %.3f M parameters, %.1f MMAC/s, sees %.2f s", base_.model->graphs().controls,
                  base_.model->graphs().latent_size, m.parameters / 1e6, m.macs_per_sample * rate / 1e6, double(m.receptive_field) / rate);
    log_info(line);
  }

  // Posterior means, not samples: what every use of the encoder but its training plays, and a dimension that says nothing is then nearly
  // constant instead of noise to be learned.
  torch::Tensor values_of(const Batch& batch) {
    const torch::NoGradGuard no_grad;
    const torch::Tensor latent = base_.model->encode(batch.audio.to(device_)).posterior.mean;
    return batch.controls.defined() ? torch::cat({batch.controls.to(device_), latent}, 1) : latent;
  }

  void measure_ranges() {
    std::vector<torch::Tensor> all;
    for (int i = 0; i < config_.training.measured_batches; ++i) all.push_back(values_of(loader_->batch(i)));
    prior_->measure(torch::cat(all, 0));
  }

  double one_step(const torch::Tensor& values) {
    optimiser_->clear_gradients();
    const torch::Tensor loss = prior_->nats(values).mean();
    const double nats = loss.item<double>();
    if (!std::isfinite(nats)) fail("training left the finite numbers; the last checkpoint is whole: lower the learning rate and --resume");
    loss.backward();
    optimiser_->step(config_.training.lr.at(step_));
    return nats;
  }

  void validate(Journal& journal) {
    const torch::NoGradGuard no_grad;
    const int batches = config_.training.validation_batches;
    double nats = 0, marginal = 0;
    for (int i = 0; i < batches; ++i) {
      const torch::Tensor values = values_of(validation_->batch(i));
      nats += prior_->nats(values).mean().item<double>() / batches;
      marginal += prior_->marginal_nats(values).mean().item<double>() / batches;
    }
    journal.write(step_, "prior", {{"validation/nats", nats}, {"validation/marginal_nats", marginal}});
    if (nats < best_) best_ = nats, save("best");
  }

  void save(const std::string& name) {
    Checkpoint c;
    c.texts = {{"version", "1"},
               {"config", config::dump(config_)},
               {"graph", graph_hash()},
               {"model", base_hash_},
               {"step", text(step_)},
               {"best", config::print(best_)}};
    store(*prior_, "prior", c);
    for (const auto& [key, tensor] : optimiser_->state()) c.tensors[kOptimiser + key] = tensor;
    write_checkpoint(checkpoint_path(name), c);
  }

  std::string graph_hash() const { return hex(prior_->network().graph().hash()); }

  void restore_state(const Checkpoint& saved) {
    if (saved.texts.count("graph") && saved.texts.at("graph") != graph_hash())
      fail(saved.name, ": holds graph ", saved.texts.at("graph"), ", but the config describes ", graph_hash(),
           "; resume with the config it was trained with");
    restore(*prior_, "prior", saved);
    std::map<std::string, torch::Tensor> moments;
    for (const auto& [name, tensor] : saved.tensors)
      if (name.rfind(kOptimiser, 0) == 0) moments[name.substr(std::string(kOptimiser).size())] = tensor;
    optimiser_->restore(moments);
    step_ = std::stoll(saved.texts.at("step"));
    config::parse(saved.texts.at("best"), best_);
  }

  PriorRunConfig config_;
  fs::path folder_;
  TrainedModel base_;
  std::string base_hash_;
  torch::Device device_;
  Dataset data_;
  std::shared_ptr<Prior> prior_;
  std::unique_ptr<Adam> optimiser_;
  std::unique_ptr<Loader> loader_, validation_;
  int64_t step_ = 0;
  double best_ = 1e300;
};

}  // namespace

PriorRunConfig read_prior_config(const config::Value& root) {
  PriorRunConfig c = config::read<PriorRunConfig>(root);
  if (c.prior.run.empty()) fail("prior.run is empty: expected the folder of a trained run");
  if (c.training.betas.size() != 2) fail("training.betas must be two numbers");
  return c;
}

void train_prior(const PriorRunConfig& config, const fs::path& folder, bool resume) {
  watch_interrupts();
  const bool holds_run = fs::exists(folder / "checkpoints" / "last.safetensors");
  if (!resume && holds_run) fail(folder.string(), ": holds a trained run already; go on with --resume, or name another folder with --run");
  if (!holds_run) load_stream(config.prior.run);
  if (!holds_run) write_file(folder / kPriorBase, read_file(find_checkpoint(config.prior.run)));
  PriorTraining training(config, folder);
  write_file(folder / "config.yaml", config::dump(config));
  training.run(resume);
}

}  // namespace nr
