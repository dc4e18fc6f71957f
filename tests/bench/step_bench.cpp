// The time of a step, of the adversarial update, and of one loss with what it reads.
#include <benchmark/benchmark.h>

#include "bench/one_step.h"

namespace nr {
namespace {

RunConfig demo() { return read_run_config(config::load(NR_SOURCE_DIR "/configs/demo.yaml")); }

void Step(benchmark::State& state) {
  OneStep b(demo());
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
  OneStep b(config);
  for (auto _ : state) b.step();
}
BENCHMARK(AdversarialStep)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void OneLoss(benchmark::State& state, const char* name) {
  OneStep b(demo());
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
