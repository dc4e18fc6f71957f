#include "effects/apply.h"

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "base/error.h"
#include "base/interrupt.h"

namespace nr {
namespace {

struct Measured {
  int64_t samples = 0;
  double dry = 0, wet = 0;  // energy
  float dry_peak = 0, peak = 0;
};

// The recording through a new chain, block by block.
template <class Put>
Measured run(const Links& links, int rate, const std::filesystem::path& in, Put put) {
  Measured out;
  Chain chain(links, rate);
  std::vector<float> wet;
  const auto give = [&] {
    for (const float x : wet) {
      out.wet += double(x) * x;
      out.peak = std::max(out.peak, std::fabs(x));
    }
    check_sound(links, out.wet, out.peak, out.dry_peak);
    put(wet);
    wet.clear();
  };
  read_blocks(in, 0, [&](const float* samples, size_t count) {
    if (interrupted()) fail("interrupted; nothing is written");
    for (size_t i = 0; i < count; ++i) {
      out.dry += double(samples[i]) * samples[i];
      out.dry_peak = std::max(out.dry_peak, std::fabs(samples[i]));
    }
    out.samples += int64_t(count);
    chain.process(samples, int(count), wet);
    give();
  });
  chain.finish(wet);
  give();
  return out;
}

}  // namespace

ApplyReport apply_to_file(const ChainConfig& config, uint64_t draw, const std::filesystem::path& in,
                          const std::filesystem::path& out) {
  const int rate = read_header(in).sample_rate;
  Random random(config.seed, draw);
  const Links links = draw_links(config, random);
  // Once to measure, once to write: the level is known only at the end.
  const Measured measured = run(links, rate, in, [](const std::vector<float>&) {});
  const bool matched = config.level == ChainConfig::Level::kRms && measured.wet > 0 && measured.dry > 0;
  const double gain = matched ? std::sqrt(measured.dry / measured.wet) : 1;
  ApplyReport report{describe(links), double(measured.samples) / rate, 20 * std::log10(gain), gain * measured.peak};
  write_wav(out, measured.samples, rate, [&](const PcmBlock& put) {
    std::vector<int16_t> pcm;
    run(links, rate, in, [&](const std::vector<float>& wet) {
      pcm.clear();
      for (const float x : wet) {
        const long level = std::lrint(x * gain * 32768);
        report.clipped += level > 32767 || level < -32768;
        pcm.push_back(int16_t(std::clamp(level, -32768L, 32767L)));
      }
      put(pcm.data(), pcm.size());
    });
  });
  return report;
}

}  // namespace nr
