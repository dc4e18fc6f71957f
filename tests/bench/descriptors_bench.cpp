// Speed of the descriptors on one core: 44.1 kHz, window 2048, hop 512, half tones, half noise. `x` is times real time.
#include <benchmark/benchmark.h>

#include "base/parallel.h"
#include "descriptors/descriptor.h"
#include "support/signals.h"

namespace nr {
namespace {

constexpr Framing kFraming{44100, 2048, 512};
constexpr int kSeconds = 20;

const std::vector<std::string> kCard{"rms", "centroid", "bandwidth", "flatness", "rolloff", "pitch"};

const std::vector<float>& sound() {
  static const std::vector<float> x = [] {
    std::vector<float> out = harmonic(220, 44100, kSeconds * 44100 / 2), hiss = noise(kSeconds * 44100 / 2);
    out.insert(out.end(), hiss.begin(), hiss.end());
    return out;
  }();
  return x;
}

void measure(benchmark::State& state, const std::vector<std::string>& names) {
  sound();
  for (auto _ : state) benchmark::DoNotOptimize(analyse(sound(), names, kFraming));
  state.counters["x"] = benchmark::Counter(double(kSeconds) * double(state.iterations()), benchmark::Counter::kIsRate);
}

void clips_on_threads(benchmark::State& state) {
  sound();
  for (auto _ : state)
    parallel_for(
        8, [](size_t) { benchmark::DoNotOptimize(analyse(sound(), kCard, kFraming)); }, unsigned(state.range(0)));
  state.counters["x"] = benchmark::Counter(8.0 * kSeconds * double(state.iterations()), benchmark::Counter::kIsRate);
}

const bool registered = [] {
  for (const std::string& name : descriptors().names())
    benchmark::RegisterBenchmark(name.c_str(), [name](benchmark::State& s) {
      measure(s, {name});
    })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("the_six", [](benchmark::State& s) {
    measure(s, kCard);
  })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("the_six_of_8_clips/threads", clips_on_threads)
      ->Arg(1)
      ->Arg(2)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace nr
