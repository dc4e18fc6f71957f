#include "deploy/mixed_precision.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "deploy/calibrate.h"

namespace nr {
namespace {

// One way to lower the network, played.
struct Trial {
  double snr_db, error;  // error: energy, as a share of the signal's
  int64_t bytes;
};

struct Candidate {
  size_t step;
  double worth;  // error removed a byte
  MixedLayer layer;
};

}  // namespace

ChosenPrecisions choose_precisions(const Steps& steps, const Peaks& peaks, const std::vector<Signal>& calibration,
                                 const PrecisionGoal& goal) {
  const std::vector<float> wanted = float_output(steps, lower(steps, peaks, NR_INT8), calibration);
  const auto tried = [&](const WeightBits& bits) {
    const Lowered lowered = lower(steps, peaks, bits);
    const double snr = signal_to_error_db(wanted, play(lowered, calibration)[0].rows, 0);
    return Trial{snr, std::pow(10, -snr / 10), lowered.number_bytes()};
  };
  ChosenPrecisions out;
  out.bits = same_bits(steps, 8);
  const Trial narrow = tried(out.bits);
  if (goal.bytes && narrow.bytes > goal.bytes)
    fail("--bytes ", goal.bytes, ": with 8 bits everywhere weights and tables take ", narrow.bytes, " bytes, ",
         narrow.bytes - goal.bytes, " too many");
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < steps.steps.size(); ++i) {
    const Step& s = steps.steps[i];
    if (s.op != NR_CONV || s.filter.fixed) continue;
    WeightBits bits = out.bits;
    bits[i] = 16;
    const Trial alone = tried(bits);
    const int64_t more = alone.bytes - narrow.bytes;
    candidates.push_back(
        {i, (narrow.error - alone.error) / double(more), {s.name, 8, more, alone.snr_db - narrow.snr_db}});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.worth > b.worth; });
  Trial now = narrow;
  for (Candidate& c : candidates) {
    const bool met = goal.snr_db && now.snr_db >= goal.snr_db;
    if (!met && (!goal.bytes || now.bytes + c.layer.more_bytes <= goal.bytes)) {
      out.bits[c.step] = c.layer.bits = 16;
      now = tried(out.bits);
    }
    out.layers.push_back(c.layer);
  }
  out.snr_db = now.snr_db, out.bytes = now.bytes;
  return out;
}

std::string to_text(const ChosenPrecisions& mixed, const PrecisionGoal& goal) {
  const auto rounded = [](double x) { return std::round(x * 100) / 100; };
  const auto wide = std::count_if(mixed.layers.begin(), mixed.layers.end(),
                                  [](const MixedLayer& layer) { return layer.bits == 16; });
  std::string out =
      text("precision  16 bits in ", wide, " of ", mixed.layers.size(), " convolutions, 8 in the others: ",
           rounded(mixed.snr_db), " dB signal to error of the calibration set, ", mixed.bytes,
           " bytes of weights and tables\n");
  if (goal.snr_db && mixed.snr_db < goal.snr_db)
    out += text("           that is ", rounded(goal.snr_db - mixed.snr_db), " dB less than the ", goal.snr_db,
                " dB asked for", goal.bytes ? text(" within ", goal.bytes, " bytes") : "", "\n");
  for (const MixedLayer& layer : mixed.layers)
    out += text("           int", layer.bits, layer.bits == 8 ? "   " : "  ", layer.name, ": 16 bits add ",
                layer.more_bytes, " bytes and, alone, ", rounded(layer.gain_db), " dB\n");
  return out;
}

}  // namespace nr
