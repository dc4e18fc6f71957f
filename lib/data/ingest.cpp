#include "data/ingest.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "audio/clip.h"
#include "audio/resampler.h"
#include "base/error.h"
#include "base/hash.h"
#include "data/rave_dataset.h"
#include "descriptors/stream.h"

namespace nr {
namespace {

constexpr float kFullScale = 32768;

struct PcmBlocks {
  CacheWriter& cache;
  std::string key;
  std::vector<int16_t> samples{};
  int64_t written = 0;
  uint64_t content = hash64("");

  void push(int16_t sample) {
    samples.push_back(sample);
    if (static_cast<int64_t>(samples.size()) == kPcmBlock) flush();
  }
  void flush() {
    if (samples.empty()) return;
    const std::string bytes(reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(int16_t));
    content = hash64(bytes, content);
    cache.put(pcm_key(key, written++), bytes);
    samples.clear();
  }
};

int16_t rounded(float sample) {
  return static_cast<int16_t>(std::clamp(std::nearbyint(sample * kFullScale), -kFullScale, kFullScale - 1));
}

// The wet sound of a pair, cut or padded to the dry one's samples. Says what it cut or padded; adds to `content`.
std::string store_wet(const Source& source, const std::string& key, const DataConfig& data, int64_t samples,
                      CacheWriter& cache, uint64_t& content) {
  PcmBlocks pcm{cache, wet_key(key)};
  pcm.content = content;
  int64_t found = 0;
  read_blocks(source.wet, data.sample_rate, [&](const float* block, size_t count) {
    for (size_t i = 0; i < count; ++i)
      if (found++ < samples) pcm.push(rounded(block[i]));
  }, source.channel);
  for (int64_t i = found; i < samples; ++i) pcm.push(0);
  pcm.flush();
  content = pcm.content;
  if (found == samples) return "";
  return text("wet version ", found > samples ? "cut by " : "padded by ", std::abs(found - samples), " samples");
}

std::string describe(const ClipRecord& record, const DataConfig& data) {
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : "; ") + part; };
  if (record.source_rate != data.sample_rate)
    add(text("resampled ", record.source_rate, " -> ", data.sample_rate, " Hz"));
  if (record.channels > 1 && data.channels == "mix") add(text(record.channels, " channels to mono"));
  if (record.silent) add("silent");
  if (record.clipped > 0) {
    char share[48];
    std::snprintf(share, sizeof share, "%.2g %% of samples at full scale", 100 * record.clipped);
    add(share);
  }
  return out;
}

ClipHeader header_of(const RaveRecord& record) {
  return {static_cast<int64_t>(record.channels.at(0).size()), static_cast<int>(record.channels.size()),
          record.sample_rate};
}

std::vector<float> mono(const RaveRecord& record, int channel) {
  if (channel >= 0) return record.channels.at(channel);
  std::vector<float> out(record.channels[0].size());
  for (const std::vector<float>& each : record.channels)
    for (size_t i = 0; i < out.size(); ++i) out[i] += each[i] / static_cast<float>(record.channels.size());
  return out;
}

// Absolute path; size and time of change.
std::pair<std::string, std::string> state_of(const std::filesystem::path& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) fail(path.string(), ": cannot be read (", std::strerror(errno), ")");
  std::error_code error;
  return {std::filesystem::weakly_canonical(path, error).string(),
          text(status.st_size, "|", status.st_mtim.tv_sec, ".", status.st_mtim.tv_nsec)};
}

}  // namespace

int channels_of(const Source& source) {
  if (source.record.empty()) return read_header(source.path).channels;
  return header_of(read_rave_record(source.path.parent_path(), source.record)).channels;
}

std::string identity_of(const Source& source, const std::string& measured) {
  const auto [path, state] = state_of(source.path);
  std::string out = text(path, "|", source.record, "|", source.channel, "|", state, "|", measured);
  if (source.wet.empty()) return out;
  const auto [wet_path, wet_state] = state_of(source.wet);
  return text(out, "|", wet_path, "|", wet_state);
}

ClipRecord ingest(const Source& source, const std::string& identity, const DataConfig& data,
                  const DescriptorConfig& descriptors, CacheWriter& cache) {
  const RaveRecord stored_record =
      source.record.empty() ? RaveRecord{} : read_rave_record(source.path.parent_path(), source.record);
  const ClipHeader header = source.record.empty() ? read_header(source.path) : header_of(stored_record);
  if (const std::string problem = beyond_limits(header); !problem.empty()) fail(source.shown(), ": ", problem);
  ClipRecord record;
  record.identity = identity;
  record.source_rate = header.sample_rate;
  record.channels = header.channels;

  PcmBlocks pcm{cache, hex(hash64(identity))};
  const std::vector<std::string> names = stored_curves(descriptors);
  std::vector<std::vector<float>> measured(names.size());
  DescriptorStream curves(names, {data.sample_rate, descriptors.window, descriptors.hop}, [&](const float* values) {
    for (size_t d = 0; d < names.size(); ++d) measured[d].push_back(values[d]);
  });
  std::vector<float> stored;
  int64_t full = 0, run = 0, longest = 0;  // samples at full scale; in a row
  const auto take = [&](const float* samples, size_t count) {
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
    curves.process(stored.data(), count);  // what is measured is what is stored
    record.samples += static_cast<int64_t>(count);
  };
  if (source.record.empty()) {
    read_blocks(source.path, data.sample_rate, take, source.channel);
  } else {
    const std::vector<float> samples =
        resample(mono(stored_record, source.channel), header.sample_rate, data.sample_rate);
    take(samples.data(), samples.size());
  }
  if (record.samples == 0) fail(source.shown(), ": holds no sample at ", data.sample_rate, " Hz");
  pcm.flush();
  record.content = pcm.content;
  curves.finish();
  const std::vector<bool> active =
      active_frames(measured[std::find(names.begin(), names.end(), "rms") - names.begin()]);
  record.silent = std::find(active.begin(), active.end(), true) == active.end();
  // A normalised file touches full scale once; a clipped one stays there.
  if (longest >= 3) record.clipped = static_cast<double>(full) / static_cast<double>(record.samples);
  record.detail = describe(record, data);
  if (!source.wet.empty()) {
    const std::string wet = store_wet(source, pcm.key, data, record.samples, cache, record.content);
    if (!wet.empty()) record.detail += (record.detail.empty() ? "" : "; ") + wet;
  }
  cache.put(record_key(pcm.key), pack(record, measured));
  return record;
}

}  // namespace nr
