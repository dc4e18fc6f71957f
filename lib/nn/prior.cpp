#include "nn/prior.h"

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "nn/logistics.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr double kTail = 0.001;  // share of the values beyond the lowest level, and beyond the highest

}  // namespace

Prior::Prior(const PriorConfig& config, int dimensions, int hop) : config_(config), dimensions_(dimensions) {
  network_ = register_module("network", std::make_shared<GraphModule>(describe_prior(config, dimensions, hop)));
  mean_ = register_buffer("mean", torch::zeros({dimensions}));
  deviation_ = register_buffer("deviation", torch::ones({dimensions}));
  low_ = register_buffer("low", torch::full({dimensions}, -3.0));
  step_ = register_buffer("step", torch::full({dimensions}, 6.0 / (config.levels - 1)));
  marginal_ = register_buffer("marginal", torch::zeros({dimensions, config.levels}));
}

void Prior::measure(const torch::Tensor& values) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor all = values.transpose(0, 1).reshape({dimensions_, -1});  // [dimensions, values]
  const int64_t count = all.size(1), tail = int64_t(kTail * double(count - 1));
  mean_.copy_(all.mean(1));
  deviation_.copy_((all - column(mean_)).pow(2).mean(1).sqrt().clamp_min(1e-6));
  const torch::Tensor sorted = std::get<0>(((all - column(mean_)) / column(deviation_)).sort(1));
  low_.copy_(sorted.select(1, tail));
  const torch::Tensor range = sorted.select(1, count - 1 - tail) - low_;
  step_.copy_(torch::where(range > 1e-3, range, torch::ones_like(range)) /
              (config_.levels - 1));  // a constant has one level of many
  const torch::Tensor index = index_of(all);
  for (int d = 0; d < dimensions_; ++d) {
    const torch::Tensor counts = torch::bincount(index[d], {}, config_.levels) + 0.5;
    marginal_[d].copy_(torch::log(counts / counts.sum()));
  }
}

torch::Tensor Prior::index_of(const torch::Tensor& values) const {
  return (((values - column(mean_)) / column(deviation_) - column(low_)) / column(step_))
      .round()
      .clamp(0, config_.levels - 1)
      .to(torch::kLong);
}

torch::Tensor Prior::shifted(const torch::Tensor& rows) const {
  std::vector<torch::Tensor> out;
  for (int d = 0; d < dimensions_; ++d)
    out.push_back(torch::constant_pad_nd(rows.select(1, d), {delay_of(config_, d), 0}).narrow(1, 0, rows.size(2)));
  return torch::stack(out, 1);
}

torch::Tensor Prior::shifted_levels(const torch::Tensor& values) const {
  return shifted(column(low_) + column(step_) * index_of(values));
}

torch::Tensor Prior::mean_of_known(const torch::Tensor& terms) const {
  std::vector<torch::Tensor> means;
  for (int d = 0; d < dimensions_; ++d) {
    const int64_t delay = delay_of(config_, d);
    means.push_back(terms.select(1, d).narrow(1, delay, terms.size(2) - delay).mean());
  }
  return torch::stack(means);
}

torch::Tensor Prior::next(const torch::Tensor& levels) {
  const int64_t batch = levels.size(0), frames = levels.size(2);
  const torch::Tensor past = torch::constant_pad_nd(levels, {1, 0}).narrow(2, 0, frames);
  return network_->run({{"past", past}})["next"].reshape({batch, dimensions_, 3, config_.mixtures, frames});
}

torch::Tensor Prior::nats(const torch::Tensor& values) {
  const torch::Tensor levels = shifted_levels(values);
  return -mean_of_known(log_probability(next(levels), levels, low_, low_ + (config_.levels - 1) * step_, step_));
}

torch::Tensor Prior::marginal_nats(const torch::Tensor& values) const {
  const torch::Tensor table = marginal_.unsqueeze(0).expand({values.size(0), dimensions_, config_.levels});
  return -mean_of_known(shifted(table.gather(2, index_of(values))));
}

std::vector<PriorRange> Prior::ranges() const {
  std::vector<PriorRange> out;
  for (int d = 0; d < dimensions_; ++d) {
    const auto number = [&](const torch::Tensor& t) { return t[d].item<double>(); };
    out.push_back(
        {number(mean_), number(deviation_), number(low_), number(low_) + (config_.levels - 1) * number(step_)});
  }
  return out;
}

bool is_prior(const fs::path& run) {
  return std::holds_alternative<PriorConfig>(run_config_of(read_checkpoint(find_checkpoint(run))).model);
}

TrainedPrior load_prior(const fs::path& run_or_file) {
  const fs::path file = find_checkpoint(run_or_file);
  const Checkpoint checkpoint = read_checkpoint(file);
  const RunConfig run = run_config_of(checkpoint);
  const auto* config = std::get_if<PriorConfig>(&run.model);
  if (!config)
    fail(checkpoint.name,
         ": holds a model, which `evaluate` and `export` take; expected a prior: train one on it with a config "
         "like configs/prior/prior.yaml");
  const fs::path base = fs::absolute(file).parent_path().parent_path() / kPriorBase;
  if (!fs::exists(base)) fail(checkpoint.name, ": the model it was trained on is not at ", base.string());
  if (const std::string found = hex(hash64(read_file(base))); found != text_of(checkpoint, "model"))
    fail(checkpoint.name, ": was trained on the model ", text_of(checkpoint, "model"), ", but ", base.string(), " is ",
         found);
  TrainedPrior out{load_model(base), nullptr, base};
  const ModelGraphs& graphs = out.base.model->graphs();
  const int dimensions = graphs.controls + graphs.latent_size;
  check_fingerprint(checkpoint, hex(describe_prior(*config, dimensions, graphs.hop).hash()));
  out.prior = std::make_shared<Prior>(*config, dimensions, graphs.hop);
  restore(*out.prior, "prior", checkpoint);
  out.prior->eval();
  return out;
}

}  // namespace nr
