// An exported header compiles and gives the expected output: on this machine and on a Cortex-M7 under QEMU.
#include <gmock/gmock.h>

#include <cmath>

#include "base/files.h"
#include "base/hash.h"
#include "deploy/emit.h"
#include "deploy/random_network.h"
#include "support/command.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

const std::string kExport = std::string(NR_SOURCE_DIR) + "/export";

Shipment small_shipment(nr_precision precision, bool whole = false,
                        const AutoencoderConfig& config = small_rave(8, 6, {4, 2}, 5),
                        const std::string& name = "toy") {
  const ModelGraphs graphs = describe(config, 2);
  const Graph& graph = whole ? graphs.whole : graphs.decoder;
  return ship(graph, random_weights(graph, 2), precision, name);
}

std::string write_header(const TemporaryFolder& folder, const Shipment& shipment) {
  const std::string path = folder / (shipment.name + ".h");
  write_file(path, [&](std::ostream& out) { emit(shipment, out); });
  return path;
}

Ran run_on_host(const TemporaryFolder& folder, const std::string& header) {
  const std::string program = folder / "toy", wav = folder / "host.wav";
  const Ran built =
      run_command("g++ -std=c++17 -O1 -I" + kExport + "/runtime -I" + kExport +
                  "/emulated -DNR_SECONDS=1 -DNR_HEADER='\"" + header + "\"' -DNR_WAV='\"" + wav + "\"' " + kExport +
                  "/emulated/main.cpp " + kExport + "/emulated/host.cpp " + kExport + "/runtime/*.cpp -o " + program);
  return built.status ? built : run_command(program);
}

Ran run_on_arm(const TemporaryFolder& folder, const std::string& header, const std::string& seconds = "1") {
  return run_command(kExport + "/emulated/run.sh " + header + " " + std::string(folder / "arm.wav") + " " + seconds);
}

class Header : public testing::TestWithParam<nr_precision> {};

TEST_P(Header, GivesItsChecksumOnThisMachine) {
  const TemporaryFolder folder;
  const Ran ran = run_on_host(folder, write_header(folder, small_shipment(GetParam())));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("as expected"));
}

TEST_P(Header, GivesItsChecksumOnACortexM7AndSaysWhatATickCosts) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  const Ran ran = run_on_arm(folder, write_header(folder, small_shipment(GetParam())));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("as expected"));
  EXPECT_THAT(ran.output, HasSubstr("instructions a MAC: "));
  EXPECT_THAT(ran.output, HasSubstr(" % of the cycles of a Cortex-M7 at 480 MHz (instructions, not cycles)"));
}

double number_behind(const std::string& text, const std::string& label, size_t from = 0) {
  const size_t at = text.find(label, from);
  return at == std::string::npos ? NAN : std::stod(text.substr(at + label.size()));
}

// The steps of a tick cost together what the tick does, but for what is around them.
TEST(Header, SaysWhatATickAndItsStepsCostInModelledCycles) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  const Ran ran = run_on_arm(folder, write_header(folder, small_shipment(NR_INT8)), "1 cycles");
  ASSERT_EQ(ran.status, 0) << ran.output;
  const double instructions = number_behind(ran.output, "instructions a tick: "),
               cycles = number_behind(ran.output, "modelled cycles a tick: ");
  EXPECT_GT(cycles, instructions / 2) << "at most two in a cycle";
  EXPECT_LT(cycles, instructions * 1.3);
  double steps = 0;
  for (size_t at = ran.output.find("\nstep "); at != std::string::npos; at = ran.output.find("\nstep ", at + 1))
    steps += number_behind(ran.output, " modelled cycles ", at);
  EXPECT_NEAR(steps / cycles, 1, 0.1) << ran.output;
}

INSTANTIATE_TEST_SUITE_P(Precisions, Header, testing::Values(NR_FLOAT32, NR_INT16, NR_INT8));

TEST(Header, OfAWholeModelRendersTheSameWavOnBothMachines) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  const std::string header = write_header(folder, small_shipment(NR_INT8, true));
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
  const std::string header = write_header(folder, small_shipment(GetParam(), true, small_v3()));
  EXPECT_EQ(read_file(header).find("toy_loop_noise"), std::string::npos) << "a header carries no noise";
  const Ran host = run_on_host(folder, header), arm = run_on_arm(folder, header);
  EXPECT_EQ(host.status, 0) << host.output;
  EXPECT_EQ(arm.status, 0) << arm.output;
  EXPECT_THAT(host.output, HasSubstr("as expected"));
  EXPECT_THAT(arm.output, HasSubstr("as expected"));
  if (GetParam() == NR_FLOAT32) return;  // its rounding is the machine's
  EXPECT_EQ(read_file(folder / "host.wav"), read_file(folder / "arm.wav"));
}

// The tables that are printed, of an encoder and a decoder: but for its graph's hash and a comment an empty slot leaves
// no trace.
TEST_P(Header, OfEmptyAdainSlotsIsTheOneWithoutThem) {
  const auto printed = [](bool adain, double shift) {
    RaveV2Config config = small_v3();
    config.adain = adain;
    const Graph graph = describe(config, 2).whole;
    Weights weights = random_weights(graph, 8);
    for (const Node& n : graph.nodes())
      if (n.op == NR_ADAIN) {
        const std::vector<float> zeros(n.channels, 0), ones(n.channels, 1);
        weights[n.name] = {ones, zeros, zeros, ones};
      }
    if (adain) weights["decoder/0/adain"].bias.assign(weights["decoder/0/adain"].bias.size(), float(shift));
    Shipment shipment = ship(graph, weights, GetParam());
    for (std::string& name : shipment.program.node_names) name = "";  // a sum's comment is the name of what it adds to
    std::ostringstream out;
    emit(shipment, out);
    const std::string header = out.str(), hash = hex(shipment.program.program.graph_hash);
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
  const std::string path = write_header(folder, small_shipment(NR_INT8));
  std::string contents = read_file(path);
  const size_t at = contents.find("int8_t toy_table0[]");
  ASSERT_NE(at, std::string::npos);
  contents.insert(contents.find("{\n", at) + 2, "99,");
  write_file(path, contents);
  const Ran ran = run_on_host(folder, path);
  EXPECT_EQ(ran.status, 1) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("differs"));
}

// Both are streamed by their own names; what a player of one model is compiled with are the first one's.
TEST(Header, TwoInOneProgramBothGiveTheirChecksums) {
  const TemporaryFolder folder;
  write_header(folder, small_shipment(NR_INT8, false, small_rave(8, 6, {4, 2}, 5), "first"));
  Shipment second = small_shipment(NR_INT16, true, small_v3(), "second");
  second.weights_writable = true;
  write_header(folder, second);
  write_file(folder / "two.cpp", R"(
#include "first.h"
#include "second.h"
#include "stream.h"
#include <vector>
uint32_t streamed(const nr_model& m, int arena_bytes) {
  const nr_program& p = *m.program;
  std::vector<int64_t> arena(arena_bytes / 8 + 1);
  nr::Stream stream(p, arena.data());
  const int block = p.outputs[0].channels * p.outputs[0].frames;
  std::vector<int16_t> out(block);
  uint32_t hash = 2166136261u;
  for (int t = 0; t < m.n_loop; ++t) {
    std::vector<const int16_t*> in;
    for (int i = 0; i < p.n_inputs; ++i) {
      const int start = t * p.inputs[i].channels * p.inputs[i].frames;
      in.push_back(m.loop[i] ? static_cast<const int16_t*>(m.loop[i]) + start : nullptr);
    }
    int16_t* to[] = {out.data()};
    stream.tick(in.data(), to);
    for (const int16_t x : out) hash = (hash ^ (x & 255)) * 16777619u, hash = (hash ^ ((x >> 8) & 255)) * 16777619u;
  }
  return hash;
}
int main() {
  static_assert(int(first_arena_bytes) != int(second_arena_bytes), "");
  if (streamed(NR_MODEL, NR_ARENA_BYTES) != first_model.checksum) return 1;
  return streamed(second_model, second_arena_bytes) != second_model.checksum ? 2 : 0;
}
)");
  const std::string program = folder / "two";
  const Ran built = run_command("g++ -std=c++17 -O1 -Wall -Wextra -Werror -I" + kExport + "/runtime " + program +
                                ".cpp " + kExport + "/runtime/*.cpp -o " + program);
  ASSERT_EQ(built.status, 0) << built.output;
  EXPECT_EQ(run_command(program).status, 0);
}

TEST(Header, ThatNoCortexM7CanStreamInTimeFailsOnTheEmulatedOne) {
  NR_NEEDS("arm-none-eabi-g++");
  NR_NEEDS("qemu-system-arm");
  const TemporaryFolder folder;
  Shipment shipment = small_shipment(NR_INT8);
  shipment.sample_rate = 8000000;
  const Ran ran = run_on_arm(folder, write_header(folder, shipment), "0.01");
  EXPECT_EQ(ran.status, 3) << ran.output;
  EXPECT_THAT(ran.output,
              HasSubstr("too slow: a Cortex-M7 at 480 MHz starts at most 960 million instructions a second"));
}

TEST(Firmware, TheRuntimeNeedsNothingButThreeFunctionsOfTheCLibrary) {
  NR_NEEDS("arm-none-eabi-g++");
  const TemporaryFolder folder;
  const Ran built = run_command(
      "cd " + folder.path().string() +
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
    const Shipment shipment = whole ? small_shipment(NR_INT8, true) : small_shipment(NR_INT8, false, small_v3());
    const std::string header = write_header(folder, shipment);
    for (const std::string board : {"", "-DNR_PATCH_SM ", "-DNR_GATE -DNR_MIDI_CHANNEL=0 "}) {
      const Ran built = run_command(
          "arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -std=gnu++17 -O2 -fno-exceptions "
          "-fno-rtti -Wall -Wextra -Werror " +
          board + "-I" + kExport + "/runtime -I" + kExport + "/daisy -I" + kExport + "/daisy/stub -DNR_HEADER='\"" +
          header + "\"' -c " + kExport + "/daisy/main.cpp -o " + std::string(folder / "daisy.o") +
          " && arm-none-eabi-nm -u " + std::string(folder / "daisy.o"));
      EXPECT_EQ(built.status, 0) << built.output;
      for (const char* banned : {"malloc", "_Znw", "_Zna", "__cxa"})
        EXPECT_THAT(built.output, testing::Not(HasSubstr(banned)));
    }
  }
}

TEST(Firmware, RefusesAModelWhoseRateTheCodecDoesNotHave) {
  const TemporaryFolder folder;
  for (const int rate : {8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000}) {
    Shipment shipment = small_shipment(NR_INT8);
    shipment.sample_rate = rate;
    const std::string header = write_header(folder, shipment);
    const Ran checked =
        run_command("g++ -std=gnu++17 -fsyntax-only -I" + kExport + "/runtime -I" + kExport + "/daisy -I" + kExport +
                    "/daisy/stub -DNR_HEADER='\"" + header + "\"' " + kExport + "/daisy/main.cpp");
    const bool plays = rate % 8000 == 0 && rate != 24000;
    EXPECT_EQ(checked.status == 0, plays) << rate << " Hz: " << checked.output;
    if (!plays) {
      EXPECT_THAT(checked.output, HasSubstr("the codec does not play at this model's rate"));
    }
  }
}

}  // namespace
}  // namespace nr
