#include "deploy/board.h"

#include <algorithm>

#include "deploy/deploy.h"
#include "deploy/play.h"
#include "export/daisy/codec.h"
#include "export/runtime/pitch_follower.h"

namespace nr {
namespace {

constexpr int64_t kEmulated = (4 << 20) - 65536;
constexpr int64_t kLibDaisySmall = 57520, kLibDaisy = 72648;  // built with -Os and as it comes
constexpr int64_t kEngine = 27500;                            // runtime and main program, with all its options
constexpr int64_t kStack = 16384;
constexpr int64_t kLibDaisyData = 18700;         // its .data and .bss
constexpr int64_t kLibDaisyAndHeap = 512 * 1024 - 430 * 1024;  // the same and the heap, boot from QSPI
constexpr int kSeedInputs = 12, kPatchInputs = 12;
constexpr int kMany = 1 << 20;
constexpr int64_t kNode = 88, kLine = 12, kPort = 24;  // of program.h, where a pointer has 4 bytes
constexpr char kFlash[] = "flash", kItcm[] = "ITCM", kDtcm[] = "DTCM", kAxi[] = "AXI SRAM", kSdram[] = "SDRAM",
               kQspi[] = "QSPI flash";
constexpr char kLib[] = "libDaisy", kCode[] = "engine and player", kOwn[] = "libDaisy's data";

// Of an STM32H750 on a Daisy; sram: the bootloader leaves 480 of 512 KB of the AXI SRAM.
std::vector<MemoryRegion> daisy_memories(int64_t axi) {
  return {{kFlash, 131072}, {kItcm, 65536}, {kDtcm, 131072}, {kAxi, axi}, {kQspi, 7936 * 1024}, {kSdram, 64 << 20}};
}

std::vector<Board> all_boards() {
  std::vector<Board> rows{{"emulated",
                           {{"code", kEmulated}, {"data", kEmulated}},
                           {},
                           "code",
                           "code",
                           "data",
                           "data",
                           kMany,
                           false,
                           false}};
  for (const auto& [name, knobs] :
       {std::pair<std::string, int>{"daisy_seed", kSeedInputs}, {"patch_sm", kPatchInputs}}) {
    rows.push_back({name + "/none",
                    daisy_memories(512 * 1024),
                    {{kFlash, kLib, kLibDaisySmall}, {kFlash, kCode, kEngine}, {kDtcm, "stack", kStack},
                     {kAxi, kOwn, kLibDaisyData}},
                    kFlash, kFlash, kDtcm, kAxi, knobs, true, false});
    rows.push_back({name + "/sram",
                    daisy_memories(480 * 1024),
                    {{kAxi, kLib, kLibDaisy}, {kAxi, kCode, kEngine}, {kDtcm, "stack", kStack},
                     {kDtcm, kOwn, kLibDaisyData}},
                    kAxi, kAxi, kDtcm, kDtcm, knobs, true, false});
    rows.push_back({name + "/qspi",
                    daisy_memories(512 * 1024),
                    {{kQspi, kLib, kLibDaisy}, {kQspi, kCode, kEngine}, {kDtcm, "stack", kStack},
                     {kAxi, "libDaisy's data and heap", kLibDaisyAndHeap}},
                    kAxi, kQspi, kDtcm, kAxi, knobs, true, true});
  }
  return rows;
}

int64_t used(const std::vector<Placed>& map, const std::string& memory) {
  int64_t sum = 0;
  for (const Placed& part : map) sum += part.memory == memory ? part.bytes : 0;
  return sum;
}

bool fits(const Board& board, const Footprint& footprint) {
  const std::vector<Placed> map = memory_map(board, footprint);
  for (const MemoryRegion& m : board.memories)
    if (used(map, m.name) > m.bytes) return false;
  return true;
}

std::string contents(const std::vector<Placed>& map, const std::string& memory) {
  std::vector<std::string> parts;
  for (const Placed& part : map)
    if (part.memory == memory && part.bytes) parts.push_back(text(part.what, " ", part.bytes));
  return join(parts);
}

Footprint with_int8(Footprint f) {
  f.weights = std::min(f.weights, f.weights_int8), f.state = std::min(f.state, f.state_int8);
  return f;
}

// What to ask for instead, one change at a time.
std::string what_fits(const Board& board, const Footprint& found) {
  std::vector<std::string> out;
  const std::string family = board.name.substr(0, board.name.find('/') + 1);
  for (const Board& other : boards().rows)
    if (!family.empty() && other.name.rfind(family, 0) == 0 && fits(other, found))
      out.push_back("--boot " + other.name.substr(family.size()));
  const bool wide = found.weights_int8 < found.weights || found.state_int8 < found.state;
  if (wide && fits(board, with_int8(found))) out.push_back("--precision int8");
  Footprint short_loop = found;
  short_loop.test_vector = std::min<int64_t>(found.test_vector, 1000);
  if (fits(board, short_loop)) out.push_back("fewer --loop-seconds");
  for (const DecoderSize& preset : daisy_sizes())
    if (fits(board, preset.footprint)) {
      out.push_back("a network of the size of " + preset.name + " at precision int8");
      break;
    }
  return out.empty() ? "a smaller capacity, and fewer dilations" : join(out);
}

}  // namespace

const Table<Board>& boards() {
  static const Table<Board> table{"board", all_boards()};
  return table;
}

std::vector<std::string> board_names() { return {"daisy_seed", "patch_sm", "emulated"}; }

const Board& board_named(const std::string& board, const std::string& boot) {
  if (const Board* row = boards().find(board)) return *row;
  for (const std::string& known : board_names())
    if (known == board) return boards().at(board + "/" + boot);
  fail("no board named '", board, "'", hint(board, board_names()));
}

Footprint footprint(const Lowered& lowered, int loop_ticks) {
  const int bytes = lowered.program.precision == NR_FLOAT32 ? 4 : 2;
  int64_t in = 0, out = 0;
  int64_t heard = 0;
  for (const nr_port& p : lowered.inputs) {
    if (is_noise(p)) continue;
    in += int64_t(block_of(p));
    if (p.name == std::string("audio")) heard = int64_t(block_of(p));
  }
  for (const nr_port& p : lowered.outputs) out += int64_t(block_of(p));
  // The main program keeps one tick of input and of controls, and two of sound in and out, as floats.
  const int64_t follower = heard ? int64_t(sizeof(PitchFollower)) : 0;
  Footprint f;
  f.weights = lowered.number_bytes();
  f.nodes = kNode * int64_t(lowered.nodes.size()) + kLine * int64_t(lowered.lines.size()) +
            kPort * int64_t(lowered.inputs.size() + lowered.outputs.size());
  f.test_vector = in * loop_ticks * bytes;
  f.state = lowered.arena_bytes(), f.buffers = 4 * (2 * in + 2 * heard + 2 * out) + follower;
  f.weights_int8 = f.weights, f.state_int8 = int64_t(lowered.program.arena) * 2;
  for (const nr_node& n : lowered.nodes)
    if (n.op == NR_CONV) f.weights_int8 -= int64_t(n.channels) * n.runs * n.run * (n.weight_bits / 8 - 1);
  return f;
}

std::vector<Placed> memory_map(const Board& board, const Footprint& f) {
  std::vector<Placed> out = board.taken;
  out.push_back({board.weights, "weights", f.weights});
  if (board.weights_writable) out.push_back({board.constants, "weights to copy", f.weights});
  out.push_back({board.constants, "nodes", f.nodes});
  out.push_back({board.constants, "test vector", f.test_vector});
  out.push_back({board.state, "state", f.state});
  out.push_back({board.buffers, "buffers", f.buffers});
  return out;
}

std::string to_text(const Board& board, const Footprint& found) {
  const std::vector<Placed> map = memory_map(board, found);
  std::string out;
  for (const MemoryRegion& m : board.memories) {
    const int64_t sum = used(map, m.name);
    std::string line = m.name;
    line.resize(11, ' ');
    out += line + (sum ? text(sum, " of ", m.bytes, " bytes, ", m.bytes - sum, " left: ", contents(map, m.name), "\n")
                       : text("0 of ", m.bytes, " bytes\n"));
  }
  return out;
}

const std::vector<DecoderSize>& daisy_sizes() {
  static const std::vector<DecoderSize> rows{{"daisy_l", {354180, 5080, 0, 42448, 4224, 0, 0}},
                                             {"daisy_m", {187780, 5080, 0, 29936, 4224, 0, 0}},
                                             {"daisy_s", {83716, 4176, 0, 18864, 4224, 0, 0}},
                                             {"daisy_xs", {48516, 3724, 0, 11904, 4224, 0, 0}}};
  return rows;
}

void check_fit(const Board& board, const Footprint& found, int controls) {
  const std::vector<Placed> map = memory_map(board, found);
  for (const MemoryRegion& m : board.memories) {
    const int64_t over = used(map, m.name) - m.bytes;
    if (over > 0)
      fail("the network does not fit ", board.name, ": ", over, " bytes too many for the ", m.name, " of ", m.bytes,
           " bytes (", contents(map, m.name), "); what fits: ", what_fits(board, found));
  }
  if (controls > board.knobs)
    fail("the network has ", controls, " controls, ", board.name, " has ", board.knobs, " inputs for them");
}

void check_rate(const Board& board, int sample_rate) {
  if (!board.daisy_rates || daisy_plays(sample_rate)) return;
  std::vector<std::string> rates;
  for (const int rate : kDaisyRates) rates.push_back(std::to_string(rate));
  fail("the network runs at ", sample_rate, " Hz, ", board.name, " plays at ", join(rates),
       " Hz: prepare and train at one of these (data.sample_rate), or export for another board or target");
}

}  // namespace nr
