// Streams as a desktop plays them: the engine (lib/engine) beside the boards' stream (export/runtime), in turn in one
// run, with random weights.
//   stream_bench [--operators] [--width 16|8|4] [--threads N] [CONFIG encoder|decoder|whole CONTROLS]...
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

#include "config/reader.h"
#include "deploy/random_network.h"
#include "engine/engine.h"
#include "export/runtime/stream.h"

namespace nr {
namespace {

double seconds_of(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}
double clock_seconds() { return seconds_of(CLOCK_MONOTONIC); }  // read in no time: of single operators

int threads = 1;
// Of this thread; of several on the clock, as what others compute is in no one's processor time.
double seconds() { return seconds_of(threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID); }

struct Chain {
  float* sums;
};
constexpr int kTurns = 200;
// Multiply-adds that wait for nothing: ten in W lanes a turn.
template <int W>
NR_KERNEL void multiply_adds(Chain& chain) {
  Floats<W> sums[10];
  for (int i = 0; i < 10; ++i) sums[i] = Floats<W>{} + chain.sums[i];
  const Floats<W> by = Floats<W>{} + chain.sums[10];
  for (int k = 0; k < kTurns; ++k)
#pragma GCC unroll 10
    for (int i = 0; i < 10; ++i) sums[i] = sums[i] * by + by;
  for (int i = 0; i < 10; ++i)
    for (int l = 0; l < W; ++l) chain.sums[i] += sums[i][l];
}
NR_AT_WIDEST(chain_of, multiply_adds, Chain)

double most_macs() {
  float sums[11] = {};
  Chain chain{sums};
  double least = 1;
  for (int i = 0; i < 20; ++i) {
    const double begun = seconds();
    for (int k = 0; k < 2000; ++k) chain_of(chain);
    least = std::min(least, seconds() - begun);
  }
  return 2000.0 * 10 * kTurns * simd_width() / least;
}

struct Model {
  std::string config, part;
  int controls;
};

struct Network {
  Steps steps;
  int sample_rate = 44100;
};

Network network_of(const Model& model) {
  const config::Value root = config::load(model.config);
  ModelConfig any;
  config::Reader::read(*root.find("model"), any, "model");
  Network out;
  if (const config::Value* data = root.find("data"))
    config::Reader::read(*data->find("sample_rate"), out.sample_rate, "data.sample_rate");
  const ModelGraphs graphs = describe(autoencoder_of(any), model.controls);
  const bool encoder = model.part == "encoder";
  const Graph& graph = encoder ? graphs.encoder : model.part == "whole" ? graphs.whole : graphs.decoder;
  out.steps = make_steps(graph, random_weights(graph, 1), {encoder ? "mean" : "audio"});
  return out;
}

// A stream or an engine and what it is given, tick by tick.
template <class Runner>
class Player {
 public:
  template <class... Arguments>
  Player(const Lowered& lowered, const std::vector<Signal>& inputs, Arguments&&... arguments)
      : lowered_(lowered), inputs_(inputs), runner_(lowered.program, std::forward<Arguments>(arguments)...) {
    for (const nr_port& p : lowered.outputs) outputs_.emplace_back(block_of(p));
    for (auto& o : outputs_) to_.push_back(o.data());
    from_.resize(inputs.size());
  }
  double tick() {
    const size_t ticks = inputs_[0].rows.size() / block_of(lowered_.inputs[0]), at = tick_++ % ticks;
    for (size_t i = 0; i < inputs_.size(); ++i) from_[i] = inputs_[i].rows.data() + at * block_of(lowered_.inputs[i]);
    const double begun = seconds();
    runner_.tick(from_.data(), to_.data());
    return seconds() - begun;
  }
  Runner& runner() { return runner_; }

 private:
  const Lowered& lowered_;
  const std::vector<Signal>& inputs_;
  Runner runner_;
  std::vector<std::vector<float>> outputs_;
  std::vector<const float*> from_;
  std::vector<float*> to_;
  size_t tick_ = 0;
};

double share(std::vector<double> times, double of) {
  std::sort(times.begin(), times.end());
  return times[std::min(times.size() - 1, size_t(of * double(times.size())))];
}

void print_row(const char* name, const std::vector<double>& times, double macs, double block, double most) {
  const double median = share(times, 0.5);
  std::printf("| %-13s | %11.1f | %10.3f | %7.3f | %9.3f | %6.1f | %9.0f %% |\n", name, block / median, median * 1e3,
              share(times, 0.99) * 1e3, share(times, 1) * 1e3, macs / median * 1e-9, 100 * macs / median / most);
}

// In the order of nr_op.
const char* const kNames[] = {"input",   "conv",        "conv_transpose", "batch_norm", "leaky_relu", "tanh",
                              "sigmoid", "mod_sigmoid", "add",            "mul",        "concat",     "slice",
                              "delay",   "snake",       "frame_filter",   "unit_norm",  "adain",      "pulses"};

// Of the median tick: every convolution's shape, and the other operators by kind.
void print_operators(const Lowered& lowered, Player<Engine>& player, int ticks, double most) {
  const nr_program& p = lowered.program;
  std::vector<std::vector<double>> times(p.n_nodes);
  double before = 0;
  player.runner().watch([&](int node) {
    const double now = clock_seconds();
    times[node].push_back(now - before);
    before = now;
  });
  for (int t = 0; t < ticks; ++t) before = clock_seconds(), player.tick();
  player.runner().watch({});
  struct Row {
    double time = 0, macs = 0;
    int64_t weights = 0;
    int count = 0;
  };
  std::map<std::string, Row> rows;
  double all = 0;
  for (int i = 0; i < p.n_nodes; ++i) {
    const nr_node& n = p.nodes[i];
    std::string name = kNames[n.op];
    if (n.op == NR_CONV) {
      char shape[96];
      std::snprintf(shape, sizeof shape, "conv of %4d inputs to %4d outputs, %3d rows", n.runs * n.run, n.channels,
                    n.rows);
      name = shape;
    }
    Row& row = rows[name];
    const double time = share(times[i], 0.5);
    row.time += time, ++row.count, all += time;
    if (n.op == NR_CONV) {
      row.macs += double(n.rows) * n.channels * n.runs * n.run;
      row.weights += int64_t{n.channels} * n.runs * n.run * n.weight_bits / 8;
    }
  }
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, row] : rows) order.emplace_back(row.time, name);
  std::sort(order.rbegin(), order.rend());
  std::printf("\n| operator | number | us | of the tick | GMAC/s | of the most | weights, GB/s |\n");
  std::printf("|---|---:|---:|---:|---:|---:|---:|\n");
  for (const auto& [time, name] : order) {
    const Row& r = rows[name];
    std::printf("| %s | %d | %.1f | %.1f %% |", name.c_str(), r.count, time * 1e6, 100 * time / all);
    if (r.macs > 0)
      std::printf(" %.1f | %.0f %% | %.1f |\n", r.macs / time * 1e-9, 100 * r.macs / time / most,
                  double(r.weights) / time * 1e-9);
    else
      std::printf(" | | |\n");
  }
}

void bench(const Model& model, bool operators, double most) {
  const Network network = network_of(model);
  const std::vector<Signal> inputs = random_signals(network.steps, 8, 3);
  const Peaks peaks = peaks_of(network.steps, inputs);
  const double block = double(network.steps.hop) / network.sample_rate;
  std::printf("\n%s, %s: %.1f MMAC a block of %d, %.2f GMAC/s at %d Hz\n\n",
              model.config.substr(model.config.rfind('/') + 1).c_str(), model.part.c_str(),
              double(network.steps.macs) * 1e-6, network.steps.hop, double(network.steps.macs) / block * 1e-9,
              network.sample_rate);
  std::printf("| program       | x real time | median, ms | p99, ms | worst, ms | GMAC/s | of the most |\n");
  std::printf("|---|---:|---:|---:|---:|---:|---:|\n");
  for (const nr_precision precision : {NR_FLOAT32, NR_INT8, NR_INT16}) {
    const Lowered lowered = precision == NR_FLOAT32 ? lower(network.steps) : lower(network.steps, peaks, precision);
    std::vector<int64_t> arena(lowered.arena_bytes() / 8 + 1);
    Player<Stream> stream(lowered, inputs, arena.data());
    Player<Engine> engine(lowered, inputs, threads);
    std::vector<double> old, now;
    for (int round = 0; round < 6; ++round) {
      std::vector<double>* to[] = {&old, &now};
      for (int which = 0; which < 2; ++which) {
        double spent = 0;
        for (int t = 0; t < 4 || (spent < 0.25 && t < 1000); ++t) {
          const double time = which ? engine.tick() : stream.tick();
          if (t > 0) to[which]->push_back(time);  // the first one's weights lie in no cache
          spent += time;
        }
      }
    }
    const char* names[] = {"float", "int16", "int8"};
    const std::string name = names[precision];
    const double top = most * (precision == NR_FLOAT32 ? 1 : 2);
    print_row((name + ", stream").c_str(), old, double(network.steps.macs), block, top);
    print_row((name + ", engine").c_str(), now, double(network.steps.macs), block, top);
    if (operators && precision == NR_FLOAT32)
      print_operators(lowered, engine, std::max(20, std::min(1000, int(0.5 / share(now, 0.5)))), most);
  }
}

}  // namespace
}  // namespace nr

int main(int argc, char** argv) {
  bool operators = false;
  std::vector<nr::Model> models;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--operators") == 0)
      operators = true;
    else if (std::strcmp(argv[i], "--width") == 0 && i + 1 < argc)
      nr::simd_width() = std::min(nr::simd_width(), std::atoi(argv[++i]));
    else if (std::strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
      nr::threads = std::max(1, std::atoi(argv[++i]));
    else if (i + 2 < argc)
      models.push_back({argv[i], argv[i + 1], std::atoi(argv[i + 2])}), i += 2;
    else
      return std::fprintf(stderr, "usage: stream_bench [--operators] [--width N] [--threads N] "
                                  "[CONFIG PART CONTROLS]...\n"), 1;
  }
  const std::string configs = NR_SOURCE_DIR "/configs/models/";
  if (models.empty())
    models = {{configs + "v1.yaml", "whole", 0},
              {configs + "raspberry.yaml", "whole", 0},
              {configs + "brave.yaml", "whole", 0},
              {configs + "daisy_m.yaml", "decoder", 6}};
  const double most = nr::most_macs();
  std::printf("one core: at most %.1f GMAC/s of floats in vectors of %d, twice as many of int16; %d threads, %s\n",
              most * 1e-9, nr::simd_width(), nr::threads, nr::threads > 1 ? "time on the clock" : "processor time");
  for (const nr::Model& model : models) nr::bench(model, operators, most);
}
