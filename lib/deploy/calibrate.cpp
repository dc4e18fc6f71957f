#include "deploy/calibrate.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace nr {
namespace {

constexpr double kWorthIt = 6, kNoWorse = 0.5;  // dB

uint32_t bin_of(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return (bits & 0x7fffffff) >> 20;
}

float end_of(uint32_t bin) {
  const uint32_t bits = (bin + 1) << 20;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

}  // namespace

StoreRanges::StoreRanges(const Steps& steps, const Lowered& unshared, const std::vector<Signal>& inputs)
    : largest_(steps.stores.size(), 0), port_(steps.stores.size()), counts_(steps.stores.size(), Histogram{}) {
  for (const auto* ports : {&steps.inputs, &steps.outputs})
    for (const StepPort& p : *ports) port_[p.view.store] = true;
  Playback player(unshared);
  for (int tick = 0; tick < player.ticks(inputs); ++tick) {
    player.tick(inputs, tick);
    for (size_t i = 0; i < largest_.size(); ++i) {
      const float* x = player.arena() + unshared.stores[i].at;
      for (int j = 0; j < steps.stores[i].rows * unshared.stores[i].pitch; ++j) {
        largest_[i] = std::max(largest_[i], double(std::fabs(x[j])));
        ++counts_[i][bin_of(x[j])];
      }
    }
  }
}

Peaks StoreRanges::peaks(double beyond) const {
  Peaks out = largest_;
  for (size_t i = 0; i < out.size(); ++i) {
    if (beyond == 0 || port_[i]) continue;
    const Histogram& counts = counts_[i];
    const double allowed = beyond * double(std::accumulate(counts.begin(), counts.end(), int64_t(0)));
    uint32_t bin = uint32_t(counts.size()) - 1;
    for (int64_t cut = counts[bin]; bin > 0 && double(cut) <= allowed;) cut += counts[--bin];
    out[i] = std::min(out[i], double(end_of(bin)));
  }
  return out;
}

std::vector<float> float_output(const Steps& steps, const Lowered& program, std::vector<Signal> inputs) {
  for (const Step& s : steps.steps)
    for (size_t i = 0; s.op == NR_PULSES && i < inputs.size(); ++i) {
      if (steps.inputs[i].view.store != s.a.store) continue;
      Signal& controls = inputs[i];
      for (size_t at = size_t(s.a.channel); at < controls.rows.size(); at += size_t(controls.channels))
        controls.rows[at] = counted_pitch(program, controls.rows[at]);
    }
  return std::move(play(lower(steps), inputs)[0].rows);
}

Peaks choose_peaks(const Steps& steps, const StoreRanges& ranges, const std::vector<Signal>& calibration,
                   nr_precision precision) {
  Peaks best = ranges.peaks();
  const std::vector<float> wanted = float_output(steps, lower(steps, best, precision), calibration);
  const auto snr_db = [&](const Peaks& peaks) {
    return signal_to_error_db(wanted, play(lower(steps, peaks, precision), calibration)[0].rows, 0);
  };
  double best_db = snr_db(best);
  for (const double beyond : {1e-5, 1e-4, 1e-3, 1e-2}) {
    Peaks peaks = ranges.peaks(beyond);
    const double db = snr_db(peaks);
    if (db < best_db - kNoWorse) break;
    if (db >= best_db + kWorthIt) best = std::move(peaks), best_db = db;
  }
  return best;
}

}  // namespace nr
