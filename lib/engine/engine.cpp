#include "engine/engine.h"

#include "engine/nodes.h"
#include "export/runtime/kernels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace nr {
namespace {

// After a sound the network may go on with numbers too small to be normal, which take a CPU a hundred cycles each.
class NoDenormals {
 public:
#if defined(__x86_64__)
  NoDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }  // flush to zero, denormals are zero
  ~NoDenormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#elif defined(__aarch64__)
  NoDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" : : "r"(before_ | uint64_t{1} << 24));
  }
  ~NoDenormals() { asm volatile("msr fpcr, %0" : : "r"(before_)); }

 private:
  uint64_t before_;
#endif
};

size_t element_bytes(const nr_program& p) { return p.precision == NR_FLOAT32 ? 4 : 2; }

std::vector<PackedConvolution> convolutions_of(const nr_program& p, int threads) {
  std::vector<PackedConvolution> out;
  for (int i = 0; i < p.n_nodes; ++i)
    if (p.nodes[i].op == NR_CONV) out.emplace_back(p.nodes[i], p.precision != NR_FLOAT32, threads);
  return out;
}

size_t bytes_of(const std::vector<PackedConvolution>& convolutions) {
  size_t bytes = 0;
  for (const PackedConvolution& c : convolutions) bytes += c.bytes();
  return bytes;
}

}  // namespace

Engine::Engine(const nr_program& program, int threads)
    : program_(program),
      convolutions_(convolutions_of(program, threads)),
      weights_(bytes_of(convolutions_)),
      arena_(size_t(program.arena) * element_bytes(program)),
      workers_(threads - 1) {
  char* to = weights_.data();
  for (PackedConvolution& c : convolutions_) c.pack(to), to += c.bytes();
  int count = 0;
  for (int i = 0; i < program.n_nodes; ++i)
    convolution_of_.push_back(program.nodes[i].op == NR_CONV ? count++ : -1);
}

void Engine::reset() {
  arena_.clear();
  state_ = {};
}

void Engine::convolve(const PackedConvolution& convolution, void* arena) {
  if (convolution.pieces() == 1) return convolution.run(arena, 0);
  workers_.run(convolution.pieces(), [&](int piece) {
    const NoDenormals none;
    convolution.run(arena, piece);
  });
}

template <class T, class X>
void Engine::run_all(const X* const* inputs, X* const* outputs) {
  const NoDenormals none;
  T* arena = reinterpret_cast<T*>(arena_.data());
  run_tick(program_, arena, state_, inputs, outputs, [&](int i) {
    const nr_node& n = program_.nodes[i];
    if (n.op == NR_CONV)
      convolve(convolutions_[convolution_of_[i]], arena);
    else if (n.op == NR_PULSES)
      run_pulses(n, arena, state_.pulses);
    else
      run_vectors(n, arena);
    if (seen_) seen_(i);
  });
}

void Engine::tick(const float* const* inputs, float* const* outputs) {
  if (program_.precision == NR_FLOAT32)
    run_all<float>(inputs, outputs);
  else
    run_all<int16_t>(inputs, outputs);
}

void Engine::tick(const int16_t* const* inputs, int16_t* const* outputs) { run_all<int16_t>(inputs, outputs); }

}  // namespace nr
