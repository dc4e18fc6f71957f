#include "evaluation/synthesizer_subject.h"

#include <torch/torch.h>

#include <algorithm>
#include <limits>

#include "audio/clip.h"
#include "base/error.h"
#include "base/hash.h"
#include "data/scan.h"
#include "nn/floats.h"
#include "nn/parameter_count.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t kBatch = 32;  // sounds through a network at a time

}  // namespace

SynthesizerSubject load_synthesizer_subject(const fs::path& run, const EvaluationConfig& config) {
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
  std::unique_ptr<SynthesizerSystem> system = load_synthesizer(checkpoint);
  SynthesizerSubject out{test_clips(run, system->config(), checkpoint, config), system->config(), std::move(system)};
  ModelFacts& f = out.facts;
  f.parameters = count_parameters(out.system->parts());
  f.latent_size = int(out.system->latent_size()), f.graph_hash = out.system->fingerprint();
  if (!config.recordings.empty()) f.group.clear();  // they are no clips of a split
  return out;
}

TestSounds test_sounds(const SynthesizerSubject& s, const EvaluationConfig& config, const Resynthesis& synth) {
  TestSounds out;
  if (config.recordings.empty()) {
    out.names = s.names, out.data = recordings_fingerprint(*s.dataset), out.positions = known_positions(s, s.clips);
    for (const int clip : s.clips) out.samples.push_back(s.dataset->samples(clip));
    return out;
  }
  out.recorded = true;
  std::vector<std::string> folders, paths;
  for (const std::string& folder : config.recordings) folders.push_back(fs::path(folder).lexically_normal() / "");
  for (std::string& folder : folders) folder.pop_back();
  const std::vector<std::string> short_folders = short_names(folders);
  for (size_t f = 0; f < folders.size(); ++f) {
    const size_t before = paths.size();
    for (const Source& source : scan({config.recordings[f]}).sources)
      if (source.problem.empty()) paths.push_back(source.path.string());
    if (paths.size() == before) fail(config.recordings[f], ": holds no recording");
    if (folders.size() > 1) out.sources.resize(paths.size(), short_folders[f]);
  }
  out.names = short_names(paths);
  const int rate = synth.sample_rate();
  const size_t length = synth.note_samples(), fade = std::min(size_t(rate), length);
  uint64_t hash = 0;
  for (const std::string& path : paths) {
    std::vector<float> sound = read_clip(path, rate, double(length + 1) / rate).samples;
    hash = hash64(text(path, sound.size()), hash);
    const bool cut = sound.size() > length;
    sound.resize(length);
    for (size_t i = 0; cut && i < fade; ++i) sound[length - 1 - i] *= float(i) / float(fade);
    out.samples.push_back(std::move(sound));
  }
  out.data = hex(hash);
  out.positions = torch::full({int64_t(paths.size()), s.system->space().size()}, kNone);
  return out;
}

torch::Tensor spectrograms(const SynthesizerSubject& s, const std::vector<std::vector<float>>& sounds) {
  const int64_t samples = s.config.data.segment;
  std::vector<torch::Tensor> out;
  for (size_t from = 0; from < sounds.size(); from += kBatch) {
    const auto count = std::min<int64_t>(kBatch, int64_t(sounds.size() - from));
    auto audio = torch::zeros({count, 1, samples});
    for (int64_t i = 0; i < count; ++i) {
      const std::vector<float>& sound = sounds[from + size_t(i)];
      std::copy_n(sound.begin(), std::min(sound.size(), size_t(samples)), audio.data_ptr<float>() + i * samples);
    }
    out.push_back(s.system->spectrogram(audio));
  }
  return torch::cat(out);
}

torch::Tensor spectrograms(const SynthesizerSubject& s, const std::vector<int>& clips) {
  std::vector<torch::Tensor> out;
  for (const int clip : clips)
    out.push_back(spectrograms(s, std::vector<std::vector<float>>{s.dataset->samples(clip)}));
  return torch::cat(out);
}

torch::Tensor known_positions(const SynthesizerSubject& s, const std::vector<int>& clips) {
  std::vector<torch::Tensor> rows;
  for (const int clip : clips) rows.push_back(torch::tensor(s.dataset->parameters(clip)));
  const auto values = torch::stack(rows);
  const auto positions = s.system->space().positions(values.nan_to_num());
  return torch::where(values.isnan(), torch::full_like(values, kNone), positions);
}

std::vector<std::vector<double>> presets_of(const SynthesizerSubject& s, const torch::Tensor& positions,
                                            const Resynthesis& synth) {
  const auto values = s.system->space().values(positions.nan_to_num(0));
  const auto known = torch::where(positions.isnan(), torch::full_like(values, kNone), values);
  std::vector<std::vector<double>> out;
  for (int64_t i = 0; i < positions.size(0); ++i) out.push_back(synth.values(floats_of(known[i])));
  return out;
}

}  // namespace nr
