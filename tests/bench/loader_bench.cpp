// Batches a second of the loader on synthetic recordings, to compare with the training steps a second that read them.
#include <benchmark/benchmark.h>

#include <map>

#include "data/loader.h"
#include "data/prepare.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {

void batches(benchmark::State& state, const std::map<std::string, double>& augment, int threads) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 40, 16000, 2.0);
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  data.segment = 16384;  // as in the demo, whose step takes 102 ms (step_bench)
  data.augment = augment;
  DescriptorConfig descriptors;
  descriptors.controls = {"rms", "centroid"};
  prepare(data, descriptors);
  const Dataset dataset(data, descriptors);
  const auto scales = dataset.fit_scales(1024);
  Loader loader(dataset, Split::kTrain, {scales[0], scales[1]}, {8, 1024, 1, threads, true});
  int64_t step = 0;
  for (auto _ : state) benchmark::DoNotOptimize(loader.batch(step++));
  state.counters["audio_seconds_per_second"] =
      benchmark::Counter(8.0 * data.segment / data.sample_rate, benchmark::Counter::kIsIterationInvariantRate);
}
const std::map<std::string, double> kKept{{"polarity", 0.5}, {"noise_floor", 1}};
const std::map<std::string, double> kEvery{{"polarity", 0.5}, {"noise_floor", 1}, {"pitch_shift", 2}, {"all_pass", 0.8},
                                           {"compression", 0.5}, {"gain", 6}, {"mute", 0.1}};
BENCHMARK_CAPTURE(batches, default, kKept, 0)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batches, default_prefetched, kKept, 1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batches, every_augmentation, kEvery, 0)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batches, every_augmentation_prefetched, kEvery, 2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nr
