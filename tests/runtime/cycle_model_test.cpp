// The model of a Cortex-M7's cycles: sequences whose time on the chip is known, run often.
#include <gtest/gtest.h>

#include <sstream>

#include "export/emulated/cycles/model.h"

namespace m7 {
namespace {

// Cycles of a turn. Lines "name operands"; addresses of memory are 4 bytes apart, from that of the first line on.
double cycles_of(const std::string& text, uint32_t memory = 0x20000000) {
  std::vector<Instruction> code;
  std::istringstream lines(text);
  for (std::string name, operands; lines >> name && std::getline(lines >> std::ws, operands, ';');)
    code.push_back(decoded(uint32_t(0x100 + 4 * code.size()), name, operands));
  constexpr int kTurns = 200;
  Model model;
  for (int turn = 0; turn < kTurns; ++turn)
    for (size_t i = 0; i < code.size(); ++i)
      model.execute(code[i], memory + 4 * uint32_t(i), i + 1 < code.size() ? code[i + 1].address : code[0].address);
  return double(model.cycles()) / kTurns;
}

TEST(CycleModel, StartsTwoThatNeedNothingOfEachOther) {
  EXPECT_NEAR(cycles_of("add r0, r1, #1; add r2, r3, #1; add r4, r5, #1; add r6, r7, #1;"), 2, 0.02);
  EXPECT_NEAR(cycles_of("smlad r0, r4, r5, r0; add r6, r6, #4;"), 1, 0.02);
}

TEST(CycleModel, HasOneMultiplierAndOneFloatingPointUnit) {
  EXPECT_NEAR(cycles_of("smlad r0, r4, r5, r0; smlad r1, r4, r5, r1;"), 2, 0.02);
  EXPECT_NEAR(cycles_of("vfma.f32 s0, s8, s9; vfma.f32 s1, s8, s9; vfma.f32 s2, s8, s9;"), 3, 0.02);
  EXPECT_NEAR(cycles_of("vfma.f32 s0, s8, s9;"), 3, 0.02) << "a sum waits for itself";
  EXPECT_NEAR(cycles_of("vdiv.f32 s0, s1, s2;"), 15, 0.1);
}

TEST(CycleModel, LoadsTwoWordsOfDifferentBanks) {
  EXPECT_NEAR(cycles_of("ldr r0, [r8, #0]; ldr r1, [r8, #4];"), 1, 0.02);
  EXPECT_NEAR(cycles_of("ldr r0, [r8, #0]; mov r3, r4; ldr r1, [r8, #8]; mov r5, r6;"), 2, 0.02);
  EXPECT_NEAR(cycles_of("ldmia r8!, {r0, r1, r2, r3};"), 2, 0.02);
  EXPECT_NEAR(cycles_of("ldr r0, [r0, #0];"), 2, 0.02) << "an address waits for its load";
}

TEST(CycleModel, WaitsForResults) {
  EXPECT_NEAR(cycles_of("sxtb16 r0, r1; sxtb16 r2, r3;"), 2, 0.02) << "not two of them";
  EXPECT_NEAR(cycles_of("smull r0, r1, r0, r1;"), 2, 0.02) << "a factor waits for its product";
  EXPECT_NEAR(cycles_of("udiv r0, r1, r2;"), 8, 0.02);
}

TEST(CycleModel, PredictsBranches) {
  EXPECT_NEAR(cycles_of("subs r0, r0, #1; bne.n 100;"), 1, 0.02) << "taken as foreseen: in one cycle";
  const Instruction branch = decoded(0x100, "bne.n", "200");
  Model model;
  for (int i = 0; i < 100; ++i) model.execute(branch, 0, i % 2 ? 0x200 : 0x102);
  EXPECT_GT(model.cycles(), 350u) << "in turn: every second one at least is not foreseen";
}

TEST(CycleModel, ReadsWhatObjdumpWrites) {
  const auto registers = [](std::initializer_list<int> of) {
    Registers out = 0;
    for (const int r : of) out |= Registers(1) << r;
    return out;
  };
  const Instruction load = decoded(0x10, "ldr.w", "sl, [r2], #4");
  EXPECT_EQ(load.kind, Kind::kLoad);
  EXPECT_EQ(load.writes, registers({10}));
  EXPECT_EQ(load.early, registers({2}));
  EXPECT_EQ(load.base, registers({2}));
  EXPECT_EQ(decoded(0x10, "ldrb", "r0, [r1, r2]").base, 0u);
  const Instruction pop = decoded(0x10, "ldmia.w", "sp!, {r4-r7, fp, pc}");
  EXPECT_EQ(pop.kind, Kind::kBranch);
  EXPECT_EQ(pop.writes, registers({4, 5, 6, 7, 11, 15}));
  EXPECT_EQ(decoded(0x10, "vpush", "{d8-d9}").late, registers({32, 33, 34, 35}));
  const Instruction shifted = decoded(0x10, "addeq", "r0, r1, r2, lsl #3\t@ 0x8");
  EXPECT_TRUE(shifted.shifts);
  EXPECT_EQ(shifted.early, registers({2}));
  EXPECT_EQ(shifted.late, registers({1}));
  EXPECT_EQ(decoded(0x10, "smlal", "r0, r1, r2, r3").addend, registers({0, 1}));
  EXPECT_EQ(decoded(0x10, "strd", "r0, r1, [sp, #8]").late, registers({0, 1}));
  EXPECT_TRUE(decoded(0x10, "cbz", "r3, 800a <f+0x12>").conditional);
  EXPECT_EQ(decoded(0x10, "bic.w", "r0, r1, #3").kind, Kind::kAlu);
}

}  // namespace
}  // namespace m7
