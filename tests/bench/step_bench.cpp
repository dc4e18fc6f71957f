// One training step of the demo's model on random audio: forward, exchange decode, every loss, backward, Adam.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "config/value.h"
#include "nn/device.h"
#include "training/forward.h"
#include "training/player.h"
#include "training/run.h"

namespace nr {
namespace {

struct Bench {
  RunConfig config;
  Parts parts;
  LossSettings settings;
  Batch batch;
  std::vector<Player> players;

  Bench() : config(read_run_config(config::load(NR_SOURCE_DIR "/configs/demo.yaml"))) {
    choose_device("cpu");
    torch::manual_seed(1);
    const int controls = int(config.descriptors.controls.size()), n = config.training.batch;
    parts.model = std::make_shared<Autoencoder>(config.model, controls);
    const ModelGraphs& g = parts.model->graphs();
    parts.latent_discriminator =
        std::make_shared<LatentDiscriminator>(config.training.latent_discriminator, g.latent_size, controls, 16);
    settings = {config.training.stft_sizes, config.training.band_stft_sizes, config.descriptors.controls, {},
                {config.data.sample_rate, config.descriptors.window, config.descriptors.hop}, g.hop, g.delay};
    for (const std::string& name : config.descriptors.controls) settings.scales.push_back({name, -40, 10, {}});
    const int64_t frames = config.data.segment / g.hop;
    batch.audio = 0.1 * torch::randn({n, 1, config.data.segment});
    batch.controls = torch::rand({n, controls, frames}) * 2 - 1;
    batch.classes = torch::randint(16, {n, controls, frames});
    batch.active = torch::ones({n, frames});
    for (const auto& [name, player] : config.training.phases[0].second.players)
      players.emplace_back(name, player, parts);
  }

  void forward_pass(bool exchange, Outputs& out) {
    Random random(1);
    out = forward(*parts.model, batch, {false, true, exchange}, settings.controls, random);
  }
};

void Step(benchmark::State& state) {
  Bench b;
  std::map<std::string, torch::Tensor> terms;
  for (auto _ : state) {
    Outputs out;
    b.forward_pass(true, out);
    const LossInput in{b.batch, out, b.settings, b.parts.latent_discriminator.get(), nullptr};
    for (Player& player : b.players) player.step(in, 1000, terms);
  }
  state.counters["steps/s"] = benchmark::Counter(double(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(Step)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

// The decoder's step against a waveform discriminator whose size fits the demo's model.
void AdversarialStep(benchmark::State& state) {
  Bench b;
  b.config.training.waveform_discriminator.capacity = 8;
  b.parts.waveform_discriminator = std::make_shared<WaveformDiscriminator>(b.config.training.waveform_discriminator);
  PlayerConfig config;
  config.trains = {"decoder"};
  config.minimises = {
      {"multiband_stft", 1}, {"fullband_stft", 1}, {"adversarial_generator", 1}, {"feature_matching", 10}};
  Player decoder("decoder", config, b.parts);
  std::map<std::string, torch::Tensor> terms;
  for (auto _ : state) {
    Random random(1);
    const Outputs out = forward(*b.parts.model, b.batch, {true, true, false}, b.settings.controls, random);
    decoder.step({b.batch, out, b.settings, nullptr, b.parts.waveform_discriminator.get()}, 0, terms);
  }
}
BENCHMARK(AdversarialStep)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void Term(benchmark::State& state, const char* name) {
  Bench b;
  for (auto _ : state) {
    Outputs out;
    b.forward_pass(losses().at(name).knobs == Knobs::kExchanged, out);
    losses().at(name).term({b.batch, out, b.settings, b.parts.latent_discriminator.get(), nullptr}).backward();
  }
}
BENCHMARK_CAPTURE(Term, fullband_stft, "fullband_stft")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(Term, multiband_stft, "multiband_stft")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(Term, kl, "kl")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(Term, exchange_consistency, "exchange_consistency")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(Term, reconstruction_consistency, "reconstruction_consistency")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace nr
