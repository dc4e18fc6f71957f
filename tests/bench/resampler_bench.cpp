// A player's resampler: output samples a second, from a model's rate to a host's and back.
#include <benchmark/benchmark.h>

#include <cmath>

#include "export/player/resampler.h"

namespace nr {
namespace {

void resample(benchmark::State& state) {
  const double from = double(state.range(0)), to = double(state.range(1));
  SincResampler resampler(from, to, 4096);
  int64_t read = 0, written = 0;
  for (auto _ : state) {
    for (int i = 0; i < 512; ++i) resampler.write(float(std::sin(0.1 * double(written++))));
    for (float y; resampler.read(y); ++read) benchmark::DoNotOptimize(y);
  }
  state.SetItemsProcessed(read);
  state.counters["x_real_time"] = benchmark::Counter(double(read) / to, benchmark::Counter::kIsRate);
}

BENCHMARK(resample)->ArgNames({"from", "to"})->ArgsProduct({{16000, 44100}, {48000}})->Args({48000, 16000});

}  // namespace
}  // namespace nr
