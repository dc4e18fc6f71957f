// Batches a second of the loader on synthetic recordings: to be held against the training step they feed.
#include <benchmark/benchmark.h>

#include "data/loader.h"
#include "data/prepare.h"
#include "support/recordings.h"
#include "support/temporary.h"

namespace nr {
namespace {

void batches(benchmark::State& state) {
  TemporaryFolder folder;
  write_recordings(folder / "in", 40, 16000, 2.0);
  DataConfig data;
  data.inputs = {(folder / "in").string()};
  data.cache = (folder / "cache").string();
  DescriptorConfig descriptors;
  descriptors.controls = {"rms", "centroid"};
  prepare(data, descriptors);
  const Dataset dataset(data, descriptors);
  const auto scales = dataset.fit_scales(1024);
  Loader loader(dataset, Split::kTrain, {scales[0], scales[1]}, {8, 1024, 1, static_cast<int>(state.range(0)), true});
  int64_t step = 0;
  for (auto _ : state) benchmark::DoNotOptimize(loader.batch(step++));
  state.counters["audio_seconds_per_second"] = benchmark::Counter(8.0 * data.segment / data.sample_rate, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(batches)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nr
