// One training step of the demo's model on random audio: values, exchange decode, every loss, backward, Adam.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "config/value.h"
#include "nn/device.h"
#include "systems/table.h"
#include "training/optimiser.h"
#include "training/run.h"

namespace nr {
namespace {

RunConfig demo() { return read_run_config(config::load(NR_SOURCE_DIR "/configs/demo.yaml")); }

struct Bench {
  static constexpr int64_t kStep = 1000;
  RunConfig config;
  std::unique_ptr<System> system;
  Batch batch;
  std::vector<Optimiser> optimisers;
  std::set<std::string> learning;

  explicit Bench(const RunConfig& c) : config(c) {
    choose_device("cpu");
    system = make_system(config, "");
    std::vector<Scale> scales;
    for (const std::string& name : config.descriptors.controls) scales.push_back({name, -40, 10, {}});
    system->set_scales(scales);
    const int64_t n = config.training.batch, controls = int64_t(scales.size()),
                  frames = config.data.segment / system->needs().hop;
    batch.audio = 0.1 * torch::randn({n, 1, config.data.segment});
    batch.controls = torch::rand({n, controls, frames}) * 2 - 1;
    batch.classes = torch::randint(16, {n, controls, frames});
    batch.active = torch::ones({n, frames});
    for (const auto& [name, optimiser] : config.training.phases[0].second.optimisers) {
      optimisers.emplace_back(name, optimiser, system->parts());
      learning.insert(optimiser.parts.begin(), optimiser.parts.end());
    }
    system->set_mode(learning);
  }

  void step() {
    Random random(1);
    Values values;
    system->produce(batch, random, values);
    std::vector<std::string> reads;
    for (const Optimiser& optimiser : optimisers) optimiser.add_reads(kStep, reads);
    values.compute(reads);
    Terms terms;
    for (Optimiser& optimiser : optimisers)
      optimiser.update({values, system->settings(), system->parts()}, kStep, terms);
  }
};

void Step(benchmark::State& state) {
  Bench b(demo());
  for (auto _ : state) b.step();
  state.counters["steps/s"] = benchmark::Counter(double(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(Step)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

// The decoder's update against a waveform discriminator of a size that suits the demo's model.
void AdversarialStep(benchmark::State& state) {
  RunConfig config = demo();
  config.training.waveform_discriminator.capacity = 8;
  OptimiserConfig decoder;
  decoder.parts = {"decoder"};
  decoder.losses = {
      {"multiband_stft", 1}, {"fullband_stft", 1}, {"adversarial_generator", 1}, {"feature_matching", 10}};
  PhaseConfig phase;
  phase.steps = 1, phase.optimisers = {{"decoder", decoder}};
  config.training.phases = {{"adversarial", phase}};
  Bench b(config);
  for (auto _ : state) b.step();
}
BENCHMARK(AdversarialStep)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void OneLoss(benchmark::State& state, const char* name) {
  Bench b(demo());
  const Loss& loss = losses().at(name);
  for (auto _ : state) {
    Random random(1);
    Values values;
    b.system->produce(b.batch, random, values);
    values.compute({loss.reads.begin(), loss.reads.end()});
    loss.value({values, b.system->settings(), b.system->parts()}).backward();
  }
}
BENCHMARK_CAPTURE(OneLoss, fullband_stft, "fullband_stft")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(OneLoss, multiband_stft, "multiband_stft")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(OneLoss, kl, "kl")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(OneLoss, exchange_consistency, "exchange_consistency")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(OneLoss, reconstruction_consistency, "reconstruction_consistency")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace nr
