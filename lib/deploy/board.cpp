#include "deploy/board.h"

#include "deploy/deploy.h"
#include "deploy/play.h"
#include "export/daisy/codec.h"
#include "export/runtime/pitch_follower.h"

namespace nr {
namespace {

constexpr int64_t kFlash = 131072, kCodeRam = 491520, kDtcm = 131072, kEmulated = 4 << 20;
constexpr int64_t kLibDaisySmall = 57520, kLibDaisy = 72648;  // built with -Os and as it comes
constexpr int64_t kEngine = 24000;                            // runtime and main program, with all its options
constexpr int64_t kStack = 16384;
constexpr int64_t kDtcmOfLibDaisy = 18700;     // its own data where .bss lies in DTCM (boot from SRAM)
constexpr int64_t kWeightsInRam = 430 * 1024;  // AXI SRAM left where .data is copied there (boot from QSPI)
constexpr int kSeedInputs = 12, kPatchInputs = 12;
constexpr int kMany = 1 << 20;

}  // namespace

const Table<Board>& boards() {
  static const Table<Board> table{
      "board", [] {
        std::vector<Board> rows{{"emulated", kEmulated - 65536, kEmulated - 65536, kMany, false, false}};
        for (const auto& [name, knobs] :
             {std::pair<std::string, int>{"daisy_seed", kSeedInputs}, {"patch_sm", kPatchInputs}}) {
          rows.push_back({name + "/none", kFlash - kLibDaisySmall - kEngine, kDtcm - kStack, knobs, true, false});
          rows.push_back(
              {name + "/sram", kCodeRam - kLibDaisy - kEngine, kDtcm - kStack - kDtcmOfLibDaisy, knobs, true, false});
          rows.push_back({name + "/qspi", kWeightsInRam, kDtcm - kStack, knobs, true, true});
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
    in += int64_t(block_of(p));
    if (p.name == std::string("audio")) heard = int64_t(block_of(p));
  }
  for (const nr_port& p : lowered.outputs) out += int64_t(block_of(p));
  // The main program keeps one tick of input and of controls, and two of sound in and out, as floats.
  const int64_t follower = heard ? int64_t(sizeof(PitchFollower)) : 0;
  return {lowered.table_bytes() + in * loop_ticks * bytes,
          lowered.arena_bytes() + 4 * (2 * in + 2 * heard + 2 * out) + follower};
}

void check_fit(const Board& board, const Footprint& found, int controls) {
  if (found.constants > board.constants)
    fail("the network does not fit ", board.name, ": weights, tables and loop take ", found.constants, " bytes, ",
         board.constants, " are free; try a smaller capacity, precision int8, another --boot, or fewer --loop-seconds");
  if (found.state > board.state)
    fail("the network does not fit ", board.name, ": its state takes ", found.state, " bytes, ", board.state,
         " are free; try a smaller capacity, fewer dilations, or precision int8");
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
