#include "base/openmp.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace nr {
namespace {

// libgomp spins 300000 times by default, about 3 ms: on two cores, one busy neighbour then makes a training step two to
// five times slower, as threads spin in the time of those they wait for. About 0.1 ms bridges the gaps within a step.
constexpr const char* kSpins = "10000";

}  // namespace

void limit_openmp_spinning(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
  setenv("GOMP_SPINCOUNT", kSpins, 0);
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) execv(program.c_str(), argv);  // returns only when it fails: then the program runs as it is
}

}  // namespace nr
