#include "deploy/board.h"

#include "deploy/deploy.h"
#include "deploy/instructions.h"
#include "deploy/play.h"

namespace nr {
namespace {

constexpr int64_t kFlash = 131072, kCodeRam = 491520, kDtcm = 131072, kEmulated = 4 << 20;
constexpr int64_t kLibDaisySmall = 57520, kLibDaisy = 72648;  // built with -Os and as it comes
constexpr int64_t kEngine = 12000;                            // runtime and main program
constexpr int64_t kStack = 16384;
constexpr int64_t kDtcmOfLibDaisy = 18700;     // its own data where .bss lies in DTCM (boot from SRAM)
constexpr int64_t kWeightsInRam = 430 * 1024;  // AXI SRAM left where .data is copied there (boot from QSPI)
constexpr int kSeedInputs = 12, kPatchInputs = 12;
constexpr int kMany = 1 << 20;

constexpr double kCyclesFloat = 0.93, kCyclesInteger = 0.70;  // an instruction: dual issue, modelled on decoders that are nearly all convolution
constexpr double kMargin = 1.25, kClockHz = 480e6;

}  // namespace

const Table<Board>& boards() {
  static const Table<Board> table{
      "board", [] {
        std::vector<Board> rows{{"emulated", kEmulated - 65536, kEmulated - 65536, kMany, false}};
        for (const auto& [name, knobs] : {std::pair<std::string, int>{"daisy_seed", kSeedInputs}, {"patch_sm", kPatchInputs}}) {
          rows.push_back({name + "/none", kFlash - kLibDaisySmall - kEngine, kDtcm - kStack, knobs, false});
          rows.push_back({name + "/sram", kCodeRam - kLibDaisy - kEngine, kDtcm - kStack - kDtcmOfLibDaisy, knobs, false});
          rows.push_back({name + "/qspi", kWeightsInRam, kDtcm - kStack, knobs, true});
        }
        return rows;
      }()};
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
    in += int64_t(p.channels) * p.frames;
    if (p.name == std::string("audio")) heard = int64_t(p.channels) * p.frames;
  }
  for (const nr_port& p : lowered.outputs) out += int64_t(p.channels) * p.frames;
  // The main program keeps one tick of input and of smoothed knobs, and two of sound in and out, as floats.
  return {lowered.table_bytes() + in * loop_ticks * bytes, lowered.arena_bytes() + 4 * (2 * in + 2 * heard + 2 * out)};
}

void check_fit(const Board& board, const Footprint& found, int knobs) {
  if (found.constants > board.constants)
    fail("the network does not fit ", board.name, ": weights, tables and loop take ", found.constants, " bytes, ", board.constants,
         " are free; try a smaller capacity, precision int8, another --boot, or fewer --loop-seconds");
  if (found.state > board.state)
    fail("the network does not fit ", board.name, ": its state takes ", found.state, " bytes, ", board.state,
         " are free; try a smaller capacity, fewer dilations, or precision int8");
  if (knobs > board.knobs) fail("the network has ", knobs, " controls, ", board.name, " has ", board.knobs, " inputs for them");
}

double estimate_cpu_percent(const nr_program& program, int sample_rate) {
  const double cycles = program.precision == NR_FLOAT32 ? kCyclesFloat : kCyclesInteger;
  return 100 * instructions(program) * sample_rate / program.hop * cycles * kMargin / kClockHz;
}

}  // namespace nr
