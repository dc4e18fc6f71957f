#include "base/openmp.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "support/command.h"

namespace nr {
namespace {
using testing::HasSubstr;

constexpr const char* kChild = "NR_OPENMP_TEST_CHILD";
constexpr const char* kFilter = "--gtest_filter=OpenMp.SpinsForAMomentUnlessTheUserSaysOtherwise";

std::string set(const char* name) { return std::getenv(name) ? std::getenv(name) : "none"; }

const std::string spins_at_start = set("GOMP_SPINCOUNT");  // before main, as libgomp reads it

// Only a whole program can be started again: this one, with this test alone.
void print_settings() {
  std::string name = "core_tests", filter = kFilter;
  char* argv[] = {name.data(), filter.data(), nullptr};
  limit_openmp_spinning(argv);
  std::printf("spins %s, policy %s\n", spins_at_start.c_str(), set("OMP_WAIT_POLICY").c_str());
}

std::string printed_with(const std::string& settings) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  const Ran ran = run_command(
      text("env -u GOMP_SPINCOUNT -u OMP_WAIT_POLICY ", kChild, "=1 ", settings, " '", program, "' ", kFilter));
  EXPECT_EQ(ran.status, 0) << ran.output;
  return ran.output;
}

TEST(OpenMp, SpinsForAMomentUnlessTheUserSaysOtherwise) {
  if (std::getenv(kChild)) return print_settings();
  EXPECT_THAT(printed_with(""), HasSubstr("spins 10000, policy none\n"));
  EXPECT_THAT(printed_with("OMP_WAIT_POLICY=active"), HasSubstr("spins none, policy active\n"));
  EXPECT_THAT(printed_with("GOMP_SPINCOUNT=7"), HasSubstr("spins 7, policy none\n"));
}

}  // namespace
}  // namespace nr
