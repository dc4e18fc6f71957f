// Examples a second of one core: 1.5 s of sound at 22,050 Hz behind each effect, and behind two effects with level
// matching and a mel spectrogram of 128 bands, as a training example is made.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "dsp/fft.h"
#include "dsp/mel.h"
#include "dsp/window.h"
#include "effects/chain.h"

namespace nr {
namespace {

constexpr int kRate = 22050;

std::vector<float> sound() {
  std::vector<float> out;
  for (int i = 0; i < kRate * 3 / 2; ++i) out.push_back(float(0.3 * std::sin(0.06 * i) + 0.1 * std::sin(0.171 * i)));
  return out;
}

void one_effect(benchmark::State& state, const EffectKind* kind) {
  const std::vector<float> dry = sound();
  for (auto _ : state) {
    std::vector<float> wet = dry;
    kind->make(initial_values(kind->parameters), kRate)->process(wet.data(), int(wet.size()));
    benchmark::DoNotOptimize(wet.data());
  }
  state.counters["examples/s"] = benchmark::Counter(double(state.iterations()), benchmark::Counter::kIsRate);
}

void one_example(benchmark::State& state) {
  const ChainConfig config = read_chain(config::parse_text(
      "effects: [{one_of: [{tanh: {drive: [0, 40]}}, {hard_clip: {drive: [0, 40]}}, {wavefold: {drive: [0, 24]}}]},"
      "{one_of: [{low_pass: {cutoff: [500, 8000]}}, {chorus: {mix: 0.5}}, {overdrive: {drive: [0, 40]}}]}]"));
  const std::vector<float> dry = sound();
  constexpr int kSize = 1024, kHop = 256, kBands = 128;
  const std::vector<double> window = hann_window(kSize);
  const std::vector<float> mel = mel_filters(kRate, kSize, kBands);
  RealFft fft(kSize);
  std::vector<std::pair<size_t, size_t>> reach;  // of each band's filter
  for (size_t b = 0; b < kBands; ++b) {
    const auto begin = mel.begin() + std::ptrdiff_t(b * size_t(fft.bins())), end = begin + fft.bins();
    const auto first = std::find_if(begin, end, [](float w) { return w > 0; });
    reach.emplace_back(first - begin, std::find(first, end, 0.f) - begin);
  }
  std::vector<float> frame(kSize), magnitude(size_t(fft.bins())), bands(kBands);
  std::vector<std::complex<float>> spectrum(size_t(fft.bins()));
  uint64_t item = 0;
  for (auto _ : state) {
    Random draw(1, item++);
    const WetSound wet = apply(draw_links(config, draw), dry, kRate, config.level);
    for (size_t at = 0; at + kSize <= wet.samples.size(); at += kHop) {
      for (int i = 0; i < kSize; ++i) frame[size_t(i)] = float(window[size_t(i)]) * wet.samples[at + size_t(i)];
      fft.forward(frame.data(), spectrum.data());
      for (size_t k = 0; k < magnitude.size(); ++k) magnitude[k] = std::abs(spectrum[k]);
      for (size_t b = 0; b < kBands; ++b) {
        float sum = 0;
        for (size_t k = reach[b].first; k < reach[b].second; ++k) sum += mel[b * magnitude.size() + k] * magnitude[k];
        bands[b] = std::log(sum + 1e-3f);
      }
      benchmark::DoNotOptimize(bands.data());
    }
  }
  state.counters["examples/s"] = benchmark::Counter(double(state.iterations()), benchmark::Counter::kIsRate);
}

}  // namespace
}  // namespace nr

int main(int argc, char** argv) {
  for (const nr::EffectKind& kind : nr::effects().rows) benchmark::RegisterBenchmark(kind.name, nr::one_effect, &kind);
  benchmark::RegisterBenchmark("two effects, level and mel", nr::one_example);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
