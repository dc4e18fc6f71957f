#include "nn/launch.h"

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "nn/ranks.h"

namespace nr {
namespace {

struct Launcher {
  const char *rank, *count, *local, *local_count;
};

// The number that the variable begins with: srun writes "2(x3)" for three nodes of two tasks.
int number_in(const char* name, int otherwise) {
  const std::string value = environment(name);
  if (value.empty()) return otherwise;
  char* end = nullptr;
  const long number = std::strtol(value.c_str(), &end, 10);
  if (end == value.c_str() || number < 0 || number > 1'000'000)
    fail("the environment's ", name, " is '", value, "': expected a number");
  return int(number);
}

}  // namespace

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? value : "";
}

std::string first_node(const std::string& list) {
  const size_t end = list.find_first_of(",[");
  if (end == std::string::npos || list[end] == ',') return list.substr(0, end);
  const size_t last = list.find_first_of(",-]", end + 1);
  return list.substr(0, end) + list.substr(end + 1, last - end - 1);
}

Launch launch_of_environment() {
  static constexpr Launcher kLaunchers[]{
      {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"},  // torchrun
      {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"},
      {"PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"},
      // A batch script itself has SLURM_PROCID too, but only a step of srun's has a number of tasks.
      {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE"}};
  Launch out;
  for (const Launcher& names : kLaunchers) {
    if (environment(names.rank).empty() || environment(names.count).empty()) continue;
    Ranks& r = out.ranks;
    r.rank = number_in(names.rank, 0), r.count = number_in(names.count, 1);
    if (r.rank >= r.count)
      fail("the environment's ", names.rank, " is ", r.rank, ": expected less than ", names.count, ", ", r.count);
    r.local = number_in(names.local, 0), r.local_count = std::max(1, number_in(names.local_count, 1));
    break;
  }
  if (out.ranks.count == 1) return out;
  out.port = number_in("MASTER_PORT", out.port);
  out.address = environment("MASTER_ADDR");
  if (out.address.empty()) out.address = first_node(environment("SLURM_STEP_NODELIST"));
  if (out.address.empty() && out.ranks.local_count == out.ranks.count) out.address = "127.0.0.1";
  if (out.address.empty())
    fail("rank ", out.ranks.rank, " of ", out.ranks.count, ": expected the first rank's machine in MASTER_ADDR");
  return out;
}

}  // namespace nr
