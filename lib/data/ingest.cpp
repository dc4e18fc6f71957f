#include "data/ingest.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "audio/clip.h"
#include "base/error.h"
#include "base/hash.h"
#include "data/curve_stream.h"

namespace nr {
namespace {

constexpr float kFullScale = 32768;

struct PcmBlocks {
  CacheWriter& cache;
  std::string key;
  std::vector<int16_t> samples{};
  int64_t written = 0;

  void push(int16_t sample) {
    samples.push_back(sample);
    if (static_cast<int64_t>(samples.size()) == kPcmBlock) flush();
  }
  void flush() {
    if (samples.empty()) return;
    cache.put(pcm_key(key, written++), std::string(reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(int16_t)));
    samples.clear();
  }
};

std::string describe(const ClipRecord& record, const DataConfig& data) {
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : "; ") + part; };
  if (record.source_rate != data.sample_rate) add(text("resampled ", record.source_rate, " -> ", data.sample_rate, " Hz"));
  if (record.channels > 1) add(text(record.channels, " channels to mono"));
  if (record.silent) add("silent");
  if (record.clipped > 0) {
    char share[48];
    std::snprintf(share, sizeof share, "%.2g %% of samples at full scale", 100 * record.clipped);
    add(share);
  }
  return out;
}

}  // namespace

std::string identity_of(const Source& source, const std::string& measured) {
  struct stat status;
  if (stat(source.path.c_str(), &status) != 0) fail(source.path.string(), ": cannot be read (", std::strerror(errno), ")");
  std::error_code error;
  const auto absolute = std::filesystem::weakly_canonical(source.path, error);
  return text(absolute.string(), "|", status.st_size, "|", status.st_mtim.tv_sec, ".", status.st_mtim.tv_nsec, "|", measured);
}

ClipRecord ingest(const Source& source, const std::string& identity, const DataConfig& data, const DescriptorConfig& descriptors,
                  CacheWriter& cache) {
  const ClipHeader header = read_header(source.path);
  ClipRecord record;
  record.identity = identity;
  record.source_rate = header.sample_rate;
  record.channels = header.channels;

  PcmBlocks pcm{cache, hex(hash64(identity))};
  CurveStream curves(stored_curves(descriptors), {data.sample_rate, descriptors.window, descriptors.hop});
  std::vector<float> stored;
  int64_t full = 0, run = 0, longest = 0;  // samples at full scale; in a row
  read_blocks(source.path, data.sample_rate, [&](const float* samples, size_t count) {
    stored.resize(count);
    for (size_t i = 0; i < count; ++i) {
      const float level = std::nearbyint(samples[i] * kFullScale);
      const float bounded = std::clamp(level, -kFullScale, kFullScale - 1);
      const bool at_limit = bounded >= kFullScale - 1 || bounded <= -kFullScale;
      full += at_limit;
      longest = std::max(longest, run = at_limit ? run + 1 : 0);
      pcm.push(static_cast<int16_t>(bounded));
      stored[i] = bounded / kFullScale;
    }
    curves.push(stored.data(), count);  // what is measured is what is stored
    record.samples += static_cast<int64_t>(count);
  });
  if (record.samples == 0) fail(source.path.string(), ": holds no sample at ", data.sample_rate, " Hz");
  pcm.flush();
  const std::vector<std::vector<float>> measured = curves.finish();
  const auto rms = stored_curves(descriptors);
  const std::vector<bool> active = active_frames(measured[std::find(rms.begin(), rms.end(), "rms") - rms.begin()]);
  record.silent = std::find(active.begin(), active.end(), true) == active.end();
  // A normalised file touches full scale once; a clipped one stays there.
  if (longest >= 3) record.clipped = static_cast<double>(full) / static_cast<double>(record.samples);
  record.detail = describe(record, data);
  cache.put(record_key(pcm.key), pack(record, measured));
  return record;
}

}  // namespace nr
