// An exported header compiles and gives the expected output: on this machine and on a Cortex-M7 under QEMU.
#include <gmock/gmock.h>

#include "base/files.h"
#include "base/hash.h"
#include "deploy/emit.h"
#include "deploy/instructions.h"
#include "deploy/network.h"
#include "support/command.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

const std::string kExport = std::string(NR_SOURCE_DIR) + "/export";

std::string write_header(const TemporaryFolder& folder, nr_precision precision, bool whole = false,
                         const AutoencoderConfig& config = small_rave(8, 6, {4, 2}, 5), double* estimate = nullptr) {
  const ModelGraphs graphs = describe(config, 2);
  const Graph& graph = whole ? graphs.whole : graphs.decoder;
  const auto module = random_module(graph, 2);
  const Steps steps = make_steps(graph, weights_of(*module), {"audio"});
  const std::vector<Signal> inputs = in_order(steps, random_inputs(graph, 20));
  const Lowered lowered = precision == NR_FLOAT32 ? lower(steps) : lower(steps, calibrate(steps, inputs), precision);
  const Sheet sheet{"toy", 16000, {{"rms", "dB", -40, -3, 1}, {"centroid", "Hz", 200, 4000, 2}}, inputs, false, {"a test"}};
  if (estimate) *estimate = instructions(lowered.program);
  const std::string path = folder / "toy.h";
  write_file(path, [&](std::ostream& out) { emit(lowered, sheet, out); });
  return path;
}

Ran run_on_host(const TemporaryFolder& folder, const std::string& header) {
  const std::string program = folder / "toy", wav = folder / "host.wav";
  const Ran built = run_command("g++ -std=c++17 -O1 -I" + kExport + "/runtime -I" + kExport + "/emulated -DNR_SECONDS=1 -DNR_HEADER='\"" +
                                header + "\"' -DNR_WAV='\"" + wav + "\"' " + kExport + "/emulated/main.cpp " + kExport +
                                "/emulated/host.cpp " + kExport + "/runtime/*.cpp -o " + program);
  return built.status ? built : run_command(program);
}

Ran run_on_arm(const TemporaryFolder& folder, const std::string& header) {
  return run_command(kExport + "/emulated/run.sh " + header + " " + std::string(folder / "arm.wav") + " 1");
}

double counted(const Ran& ran) {  // instructions a tick
  const std::string before = "instructions a tick: ";
  const size_t at = ran.output.find(before);
  return at == std::string::npos ? 0 : std::stod(ran.output.substr(at + before.size()));
}

class Header : public testing::TestWithParam<nr_precision> {};

TEST_P(Header, GivesItsChecksumOnThisMachine) {
  const TemporaryFolder folder;
  const Ran ran = run_on_host(folder, write_header(folder, GetParam()));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("as expected"));
}

TEST_P(Header, GivesItsChecksumOnACortexM7AndSaysWhatATickCosts) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  double estimate = 0;
  const Ran ran = run_on_arm(folder, write_header(folder, GetParam(), false, small_rave(8, 6, {4, 2}, 5), &estimate));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("as expected"));
  EXPECT_THAT(ran.output, HasSubstr("instructions a MAC: "));
  EXPECT_NEAR(estimate / counted(ran), 1, 0.06);
}

INSTANTIATE_TEST_SUITE_P(Precisions, Header, testing::Values(NR_FLOAT32, NR_INT16, NR_INT8));

TEST(Header, OfAWholeModelRendersTheSameWavOnBothMachines) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  const std::string header = write_header(folder, NR_INT8, true);
  ASSERT_EQ(run_on_host(folder, header).status, 0);
  ASSERT_EQ(run_on_arm(folder, header).status, 0);
  const std::string host = read_file(folder / "host.wav");
  EXPECT_EQ(host.size(), 44 + 2 * (16000 / 64) * 64);
  EXPECT_EQ(host, read_file(folder / "arm.wav"));
}

TEST_P(Header, OfSnakesAdainSlotsAndNoiseThatTheStreamDrawsGivesItsChecksumOnBothMachines) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  double estimate = 0;
  const std::string header = write_header(folder, GetParam(), true, small_v3(), &estimate);
  EXPECT_EQ(read_file(header).find("toy_loop_noise"), std::string::npos) << "a header carries no noise";
  const Ran host = run_on_host(folder, header), arm = run_on_arm(folder, header);
  EXPECT_EQ(host.status, 0) << host.output;
  EXPECT_EQ(arm.status, 0) << arm.output;
  EXPECT_THAT(host.output, HasSubstr("as expected"));
  EXPECT_THAT(arm.output, HasSubstr("as expected"));
  EXPECT_NEAR(estimate / counted(arm), 1, 0.06);
  if (GetParam() == NR_FLOAT32) return;  // its rounding is the machine's
  EXPECT_EQ(read_file(folder / "host.wav"), read_file(folder / "arm.wav"));
}

// The tables that are printed, of an encoder and a decoder: but for its graph's hash and a comment an empty slot leaves no trace.
TEST_P(Header, OfEmptyAdainSlotsIsTheOneWithoutThem) {
  const auto printed = [](bool adain, double shift) {
    RaveV2Config config = small_v3();
    config.adain = adain;
    const torch::NoGradGuard no_grad;
    torch::manual_seed(8);
    GraphModule module(describe(config, 2).whole);
    module.eval();
    if (adain) module.named_buffers()["decoder/0/adain/target_mean"].fill_(shift);
    const Steps steps = make_steps(module.graph(), weights_of(module), {"audio"});
    torch::manual_seed(9);
    const std::vector<Signal> inputs = in_order(steps, random_inputs(module.graph(), 20));
    Lowered lowered = GetParam() == NR_FLOAT32 ? lower(steps) : lower(steps, calibrate(steps, inputs), GetParam());
    lowered.node_names.assign(lowered.node_names.size(), "");  // a sum's comment is the name of what it adds to
    std::ostringstream out;
    emit(lowered, {"toy", 16000, {}, inputs, false, {}}, out);
    const std::string header = out.str(), hash = hex(lowered.program.graph_hash);
    const size_t at = header.find(hash);
    EXPECT_NE(at, std::string::npos);
    return std::pair{hash, std::string(header).replace(at, hash.size(), "")};
  };
  const auto [with_hash, with] = printed(true, 0);
  const auto [without_hash, without] = printed(false, 0);
  EXPECT_NE(with_hash, without_hash);
  EXPECT_TRUE(with == without) << with.size() << " and " << without.size() << " bytes";
  EXPECT_FALSE(printed(true, 1).second == without);
}

TEST(Header, WithADamagedWeightFailsItsChecksum) {
  const TemporaryFolder folder;
  const std::string path = write_header(folder, NR_INT8);
  std::string contents = read_file(path);
  const size_t at = contents.find("int8_t toy_table0[]");
  ASSERT_NE(at, std::string::npos);
  contents.insert(contents.find("{\n", at) + 2, "99,");
  write_file(path, contents);
  const Ran ran = run_on_host(folder, path);
  EXPECT_EQ(ran.status, 1) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("differs"));
}

TEST(Firmware, TheRuntimeNeedsNothingButThreeFunctionsOfTheCLibrary) {
  NR_NEEDS("arm-none-eabi-g++");
  const TemporaryFolder folder;
  const Ran built =
      run_command("cd " + folder.path().string() +
                  " && arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -std=c++17 -O2 -ffreestanding "
                  "-fno-exceptions -fno-rtti -Wall -Wextra -Werror -c " +
                  kExport + "/runtime/*.cpp && arm-none-eabi-ld -r -o all.o *.o && arm-none-eabi-nm -u all.o");
  ASSERT_EQ(built.status, 0) << built.output;
  std::istringstream lines(built.output);
  for (std::string mark, symbol; lines >> mark >> symbol;)
    EXPECT_THAT(symbol, testing::AnyOf("memcpy", "memmove", "memset")) << "the runtime must not need it";
}

TEST(Firmware, TheDaisyProgramCompilesForBothBoards) {
  NR_NEEDS("arm-none-eabi-g++");
  const TemporaryFolder folder;
  for (const bool whole : {false, true}) {
    const std::string header = whole ? write_header(folder, NR_INT8, true) : write_header(folder, NR_INT8, false, small_v3());
    for (const std::string board : {"", "-DNR_PATCH_SM "}) {
      const Ran built = run_command(
          "arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -std=gnu++17 -O2 -fno-exceptions "
          "-fno-rtti -Wall -Wextra -Werror " +
          board + "-I" + kExport + "/runtime -I" + kExport + "/daisy -I" + kExport + "/daisy/stub -DNR_HEADER='\"" + header + "\"' -c " +
          kExport + "/daisy/main.cpp -o " + std::string(folder / "daisy.o") + " && arm-none-eabi-nm -u " + std::string(folder / "daisy.o"));
      EXPECT_EQ(built.status, 0) << built.output;
      for (const char* banned : {"malloc", "_Znw", "_Zna", "__cxa"}) EXPECT_THAT(built.output, testing::Not(HasSubstr(banned)));
    }
  }
}

}  // namespace
}  // namespace nr
