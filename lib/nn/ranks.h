// Processes that train one run together, on one machine or many, and what they add up (gloo, over TCP). A process is
// one rank for its whole life. Alone it is rank 0 of 1, and everything here does nothing.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nr {

struct Ranks {
  int rank = 0, count = 1;
  int local = 0, local_count = 1;  // of those on this machine
};

// What torchrun, mpirun or srun left in the environment: the first of RANK and WORLD_SIZE, OMPI_COMM_WORLD_*, PMI_*,
// SLURM_PROCID and SLURM_STEP_NUM_TASKS that is there. The first rank's address is MASTER_ADDR, without it the first
// of srun's nodes, or this machine where all ranks are on it; its port MASTER_PORT or 29500. Error when a variable is
// no number or the address is missing.
struct Launch {
  Ranks ranks;
  std::string address;
  int port = 29500;
};
Launch launch_of_environment();

// Meets the other ranks of the environment; later calls do nothing. Error when they do not come, or when this program
// was built without gloo.
void join_ranks();
const Ranks& ranks();  // of the last join

// Every rank must call these in the same order. Error when another rank has ended, or does not answer for 45 seconds.
void sum_over_ranks(torch::Tensor& tensor);                             // in place
torch::Tensor mean_over_ranks(const torch::Tensor& x);                  // without a gradient
void average_over_ranks(const std::vector<torch::Tensor>& tensors);     // in place
void take_from_first_rank(const std::vector<torch::Tensor>& tensors);   // in place
bool any_rank(bool here);
// Error that says which rank has another value than rank 0.
void check_same_on_ranks(const std::string& what, uint64_t value);

// The tensors in their order, in buckets of a few megabytes of one type: a bucket travels as one message.
std::vector<std::vector<torch::Tensor>> buckets_of(const std::vector<torch::Tensor>& tensors);
// Begins to average a bucket, of several ranks, and returns at once. What it returns waits, and then writes the
// averages to where the numbers came from.
std::function<void()> begin_average(const std::vector<torch::Tensor>& bucket);

// A sum over the examples of all ranks, of this rank's share x, in a loss that is not a mean over examples. Each rank's
// gradient counts `count` times, because gradients are averaged.
torch::Tensor whole_sum(const torch::Tensor& x);

// Random numbers of x's shape, of which each rank takes its own rows: those that one process would draw for a batch of
// all ranks' examples.
torch::Tensor normal_like(const torch::Tensor& x);
torch::Tensor uniform_of(std::vector<int64_t> sizes, const torch::TensorOptions& options);  // in [0, 1)

}  // namespace nr
