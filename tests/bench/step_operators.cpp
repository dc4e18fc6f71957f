// Where the time of a training step goes: each LibTorch operator's own processor time, without that of the operators
// that it calls. Ours (convolve, spectral_distance ...) are in the table by their backward passes, CppNode<...>, and
// by the names that they record.
//   step_operators CONFIG [rounds] [phase, from 0]
// A round is as many steps as it takes until every optimiser of the phase has updated; times are a step's mean.
#include <ATen/record_function.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "bench/one_step.h"

namespace nr {
namespace {

double seconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

struct OperatorTime {
  int64_t calls = 0;
  double own = 0;
};
struct OpenCall {
  std::string name;
  double begin, inner;
};
std::map<std::string, OperatorTime> times;
std::vector<OpenCall> open_calls;
bool records = false;

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  if (records) open_calls.push_back({function.name(), seconds(), 0});
  return nullptr;
}

void end(const at::RecordFunction&, at::ObserverContext*) {
  if (!records || open_calls.empty()) return;
  const OpenCall call = open_calls.back();
  open_calls.pop_back();
  const double took = seconds() - call.begin;
  OperatorTime& time = times[call.name];
  ++time.calls, time.own += took - call.inner;
  if (!open_calls.empty()) open_calls.back().inner += took;
}

void run(const std::string& config, int rounds, size_t phase) {
  OneStep one(read_run_config(config::load(config)), phase);
  const auto round = [&] {
    for (int64_t i = 0; i < one.turns; ++i) one.step();
  };
  round(), round();
  double least = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const double begun = seconds();
    round();
    least = std::min(least, seconds() - begun);
  }
  std::printf("a step: %.1f ms, the least of %d rounds of %d\n", least * 1e3 / double(one.turns), rounds,
              int(one.turns));
  const double steps = double(rounds) * double(one.turns);
  at::addGlobalCallback(at::RecordFunctionCallback(begin, end));
  records = true;
  const double begun = seconds();
  for (int i = 0; i < rounds; ++i) round();
  const double all = seconds() - begun;
  records = false;
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, time] : times) order.emplace_back(time.own, name);
  std::sort(order.rbegin(), order.rend());
  std::printf("recorded: %.1f ms a step\n      ms      %%   calls  operator\n", all / steps * 1e3);
  for (size_t i = 0; i < std::min<size_t>(40, order.size()); ++i) {
    const OperatorTime& time = times.at(order[i].second);
    std::printf("%8.2f %6.1f %7.1f  %s\n", time.own / steps * 1e3, 100 * time.own / all, double(time.calls) / steps,
                order[i].second.c_str());
  }
}

}  // namespace
}  // namespace nr

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: step_operators CONFIG [rounds] [phase]\n"), 1;
  nr::run(argv[1], argc > 2 ? std::max(1, std::atoi(argv[2])) : 10, argc > 3 ? size_t(std::atoi(argv[3])) : 0);
}
