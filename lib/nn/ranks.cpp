#include "nn/ranks.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#if defined(USE_C10D_GLOO) && __has_include(<gloo/algorithm.h>)
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#define NR_GLOO 1
#endif

#include "base/error.h"
#include "nn/launch.h"

namespace nr {
namespace {

constexpr auto kPatience = std::chrono::seconds(45);  // for another rank
constexpr int64_t kBucket = 1 << 20;                  // numbers that travel at once

Ranks joined;

std::string first_line(const std::exception& error) {
  const std::string what = error.what();
  return what.substr(0, what.find('\n'));
}

using Waiting = std::function<void()>;

#if NR_GLOO
class Group {
 public:
  explicit Group(const Launch& launch) {
    c10d::TCPStoreOptions options;
    options.port = uint16_t(launch.port), options.timeout = kPatience, options.waitWorkers = false;
    // torchrun serves the store itself, and begins anew after a failure under the same address.
    const bool served = environment("TORCHELASTIC_USE_AGENT_STORE") == "True";
    options.isServer = launch.ranks.rank == 0 && !served;
    auto store = c10::make_intrusive<c10d::TCPStore>(launch.address, options);
    auto own = c10::make_intrusive<c10d::PrefixStore>("neurorave/" + environment("TORCHELASTIC_RESTART_COUNT"), store);
    auto gloo = c10d::ProcessGroupGloo::Options::create(kPatience);
    const std::string interface = environment("GLOO_SOCKET_IFNAME");
    gloo->devices.push_back(interface.empty() ? c10d::ProcessGroupGloo::createDefaultDevice()
                                              : c10d::ProcessGroupGloo::createDeviceForInterface(interface));
    group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(own, launch.ranks.rank, launch.ranks.count, gloo);
  }
  // tensor: on the CPU, contiguous; whole after the wait.
  Waiting sum(const torch::Tensor& tensor) {
    auto tensors = std::make_shared<std::vector<torch::Tensor>>(1, tensor);
    auto work = group_->allreduce(*tensors);
    return [work, tensors] { work->wait(); };
  }
  Waiting take(const torch::Tensor& tensor) {
    auto tensors = std::make_shared<std::vector<torch::Tensor>>(1, tensor);
    auto work = group_->broadcast(*tensors);
    return [work, tensors] { work->wait(); };
  }

 private:
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};
#else
struct Group {
  explicit Group(const Launch&) {
    fail("several processes were asked for, but this program was built without gloo: expected Debian's LibTorch and ",
         "libgloo-dev when it is built");
  }
  Waiting sum(const torch::Tensor&) { return {}; }
  Waiting take(const torch::Tensor&) { return {}; }
};
#endif

Group* group = nullptr;  // never deleted: its threads live as long as the process

template <class Work>
auto with_others(const Work& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    fail("rank ", joined.rank, " of ", joined.count, ": another rank ended or does not answer (", first_line(error),
         "); the last checkpoint is whole: start all of them again, with --resume");
  }
}

using Exchange = std::function<Waiting(const torch::Tensor&)>;  // of a bucket's flat tensor

// Gives the bucket, flat and on the CPU, to `exchange`. What it returns puts it back, times `scale`.
Waiting begin(const std::vector<torch::Tensor>& bucket, double scale, const Exchange& exchange) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& part : bucket) parts.push_back(part.detach().flatten());
  const torch::Tensor flat = torch::cat(parts).to(torch::kCPU).contiguous();
  return [bucket, scale, flat, wait = exchange(flat)] {
    const torch::NoGradGuard no_grad;
    wait();
    if (scale != 1) flat.mul_(scale);
    int64_t at = 0;
    for (torch::Tensor part : bucket) {
      part.copy_(flat.narrow(0, at, part.numel()).view(part.sizes()));
      at += part.numel();
    }
  };
}

// One bucket behind another: while one travels the next is made.
void in_buckets(const std::vector<torch::Tensor>& tensors, double scale, const Exchange& exchange) {
  std::vector<Waiting> open;
  for (const auto& bucket : buckets_of(tensors)) open.push_back(begin(bucket, scale, exchange));
  for (const Waiting& wait : open) wait();
}

Waiting sum(const torch::Tensor& flat) { return group->sum(flat); }

}  // namespace

void join_ranks() {
  if (group || joined.count > 1) return;
  const Launch launch = launch_of_environment();
  if (launch.ranks.count == 1) return;
  try {
    group = new Group(launch);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    fail("rank ", launch.ranks.rank, " of ", launch.ranks.count, ": the others did not come to ", launch.address, ":",
         launch.port, " (", first_line(error), ")");
  }
  joined = launch.ranks;
}

const Ranks& ranks() { return joined; }

void sum_over_ranks(torch::Tensor& tensor) {
  if (joined.count == 1) return;
  with_others([&] { in_buckets({tensor}, 1, sum); });
}

torch::Tensor mean_over_ranks(const torch::Tensor& x) {
  if (joined.count == 1) return x.detach();
  torch::Tensor out = x.detach().clone();
  average_over_ranks({out});
  return out;
}

void average_over_ranks(const std::vector<torch::Tensor>& tensors) {
  if (joined.count == 1) return;
  with_others([&] { in_buckets(tensors, 1.0 / joined.count, sum); });
}

std::vector<std::vector<torch::Tensor>> buckets_of(const std::vector<torch::Tensor>& tensors) {
  std::vector<std::vector<torch::Tensor>> out;
  int64_t size = 0;
  for (const torch::Tensor& tensor : tensors) {
    if (out.empty() || size + tensor.numel() > kBucket || tensor.scalar_type() != out.back()[0].scalar_type())
      out.emplace_back(), size = 0;
    out.back().push_back(tensor), size += tensor.numel();
  }
  return out;
}

Waiting begin_average(const std::vector<torch::Tensor>& bucket) {
  return with_others([&]() -> Waiting {
    return [wait = begin(bucket, 1.0 / joined.count, sum)] { with_others(wait); };
  });
}

void take_from_first_rank(const std::vector<torch::Tensor>& tensors) {
  if (joined.count == 1) return;
  with_others([&] { in_buckets(tensors, 1, [](const torch::Tensor& flat) { return group->take(flat); }); });
}

bool any_rank(bool here) {
  if (joined.count == 1) return here;
  torch::Tensor count = torch::full({1}, here ? 1.f : 0.f);
  sum_over_ranks(count);
  return count.item<float>() > 0;
}

void check_same_on_ranks(const std::string& what, uint64_t value) {
  if (joined.count == 1) return;
  torch::Tensor all = torch::zeros({joined.count}, torch::kLong);
  all[joined.rank] = int64_t(value);
  sum_over_ranks(all);
  for (int64_t i = 1; i < joined.count; ++i)
    if (!all[i].equal(all[0]))
      fail("rank ", i, " has another ", what, " than rank 0: expected the same config, data and run folder on all");
}

torch::Tensor whole_sum(const torch::Tensor& x) {
  if (joined.count == 1) return x;
  return joined.count * (x - x.detach()) + joined.count * mean_over_ranks(x);
}

torch::Tensor normal_like(const torch::Tensor& x) {
  if (joined.count == 1) return torch::randn_like(x);
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes[0] *= joined.count;
  return torch::randn(sizes, x.options().requires_grad(false)).narrow(0, joined.rank * x.size(0), x.size(0));
}

torch::Tensor uniform_of(std::vector<int64_t> sizes, const torch::TensorOptions& options) {
  const int64_t rows = sizes[0];
  sizes[0] *= joined.count;
  return torch::rand(sizes, options).narrow(0, joined.rank * rows, rows);
}

}  // namespace nr
