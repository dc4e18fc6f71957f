#include "evaluation/note_probe.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace nr {
namespace {

constexpr int64_t kWidth = 64, kProbeBatch = 256, kProbeEpochs = 120;
constexpr int64_t kBatch = 48, kEpochs = 16, kValidateEvery = 50;
constexpr int64_t kThrough = 64;  // notes through a network at a time

// So many times through the notes, but neither too few steps nor too many.
int64_t steps_of(int64_t notes, int64_t batch, int64_t epochs) {
  return std::clamp<int64_t>(epochs * notes / batch, 200, 3000);
}

torch::nn::Sequential probe(int64_t in, int64_t classes) {
  using namespace torch::nn;
  return Sequential(Linear(in, kWidth), ReLU(), Linear(kWidth, kWidth), ReLU(), Linear(kWidth, classes));
}

torch::Tensor all_logits(NoteClassifier& classifier, const torch::Tensor& seen) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> out;
  for (int64_t from = 0; from < seen.size(0); from += kThrough)
    out.push_back(classifier.forward(seen.narrow(0, from, std::min(kThrough, seen.size(0) - from))));
  return torch::cat(out);
}

std::vector<torch::Tensor> state_of(const torch::nn::Module& module) {
  std::vector<torch::Tensor> out = module.parameters();
  for (const torch::Tensor& buffer : module.buffers()) out.push_back(buffer);
  return out;
}

}  // namespace

std::vector<int64_t> probe_classes(const torch::Tensor& train, const std::vector<int64_t>& labels, int64_t classes,
                                   const torch::Tensor& test, uint64_t seed) {
  const torch::AutoGradMode learns(true);
  torch::manual_seed(seed);
  const auto centre = train.mean(0), spread = train.std(0, false).clamp_min(1e-6);
  const auto normal = [&](const torch::Tensor& z) { return (z - centre) / spread; };
  const auto x = normal(train), y = torch::tensor(labels, torch::kLong);
  torch::nn::Sequential network = probe(x.size(1), classes);
  torch::optim::Adam adam(network->parameters(), torch::optim::AdamOptions(3e-3).weight_decay(1e-5));
  const int64_t steps = steps_of(x.size(0), kProbeBatch, kProbeEpochs);
  for (int64_t step = 0; step < steps; ++step) {
    const auto rows = torch::randint(x.size(0), {std::min(kProbeBatch, x.size(0))}, torch::kLong);
    adam.zero_grad();
    torch::nn::functional::cross_entropy(network->forward(x.index_select(0, rows)), y.index_select(0, rows)).backward();
    adam.step();
  }
  const torch::NoGradGuard no_grad;
  const auto found = network->forward(normal(test)).argmax(1).contiguous();
  return {found.data_ptr<int64_t>(), found.data_ptr<int64_t>() + found.numel()};
}

std::shared_ptr<NoteClassifier> train_note_classifier(const SpectrogramConfig& config,
                                                      const std::vector<int64_t>& sizes, const torch::Tensor& train,
                                                      const torch::Tensor& wanted, const torch::Tensor& validation,
                                                      const torch::Tensor& validation_wanted, uint64_t seed) {
  const torch::AutoGradMode learns(true);
  torch::manual_seed(seed);
  auto out = std::make_shared<NoteClassifier>(config, sizes);
  torch::optim::Adam adam(out->parameters(), torch::optim::AdamOptions(2e-3).weight_decay(1e-5));
  double least = 1e300;
  std::vector<torch::Tensor> best;
  const int64_t steps = steps_of(train.size(0), kBatch, kEpochs);
  for (int64_t step = 1; step <= steps; ++step) {
    out->train();
    for (auto& group : adam.param_groups())
      static_cast<torch::optim::AdamOptions&>(group.options()).lr(2e-3 * (1 - 0.95 * double(step) / double(steps)));
    const auto rows = torch::randint(train.size(0), {std::min(kBatch, train.size(0))}, torch::kLong);
    adam.zero_grad();
    out->cross_entropy(train.index_select(0, rows), wanted.index_select(0, rows)).backward();
    adam.step();
    if (step % kValidateEvery) continue;
    const torch::NoGradGuard no_grad;
    out->eval();
    const double nats = out->cross_entropy(validation, validation_wanted).item<double>();
    if (nats >= least) continue;
    least = nats, best.clear();
    for (const torch::Tensor& t : state_of(*out)) best.push_back(t.detach().clone());
  }
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> state = state_of(*out);
  for (size_t i = 0; i < best.size(); ++i) state[i].copy_(best[i]);
  out->eval();
  return out;
}

std::vector<std::vector<int64_t>> likeliest(NoteClassifier& classifier, const torch::Tensor& spectrograms) {
  const auto logits = all_logits(classifier, spectrograms);
  std::vector<std::vector<int64_t>> out(size_t(spectrograms.size(0)));
  int64_t at = 0;
  for (const int64_t size : classifier.sizes()) {
    const auto found = logits.narrow(1, at, size).argmax(1);
    for (size_t i = 0; i < out.size(); ++i) out[i].push_back(found[int64_t(i)].item<int64_t>());
    at += size;
  }
  return out;
}

torch::Tensor probabilities(NoteClassifier& classifier, const torch::Tensor& spectrograms) {
  const auto logits = all_logits(classifier, spectrograms);
  std::vector<torch::Tensor> out;
  int64_t at = 0;
  for (const int64_t size : classifier.sizes()) {
    out.push_back(torch::softmax(logits.narrow(1, at, size), 1));
    at += size;
  }
  return torch::cat(out, 1);
}

}  // namespace nr
