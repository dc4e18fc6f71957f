// The assembler of a Cortex-M7 (export/runtime/tiles.cpp) against the C++ of every other machine.
#include <gmock/gmock.h>

#include "support/command.h"
#include "support/temporary.h"

namespace nr {
namespace {

TEST(IntegerNodes, OfAllShapesGiveTheSameBitsOnACortexM7) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  const std::string source = NR_SOURCE_DIR, emulated = source + "/export/emulated", elf = folder / "nodes.elf",
                    here = folder / "nodes";
  const std::string files = " -std=c++17 -fno-exceptions -fno-rtti -Wall -Wextra -Werror -I" + source +
                            "/export/runtime -I" + emulated + " " + source +
                            "/tests/runtime/board/integer_nodes.cpp " + source + "/export/runtime/*.cpp " + emulated;
  const Ran host = run_command("g++ -O1" + files + "/host.cpp -o " + here + " && " + here);
  ASSERT_EQ(host.status, 0) << host.output;
  for (const std::string level : {"-O0", "-O3"}) {
    const Ran board = run_command(
        "arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -fno-threadsafe-statics " + level +
        files + "/semihosting.cpp -nostartfiles -nodefaultlibs -T " + emulated + "/mps2_an500.ld -lc -lgcc -o " + elf +
        " && qemu-system-arm -M mps2-an500 -display none -serial none -monitor none "
        "-semihosting-config enable=on,target=native -kernel " +
        elf);
    ASSERT_EQ(board.status, 0) << board.output;
    EXPECT_THAT(host.output, testing::HasSubstr("conv 16 7 4 1 1028: "));
    EXPECT_EQ(board.output, host.output) << level;
  }
}

}  // namespace
}  // namespace nr
