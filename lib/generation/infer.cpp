#include "generation/infer.h"

#include <torch/torch.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "config/reader.h"
#include "generation/recording.h"
#include "nn/checkpoint.h"
#include "nn/device.h"
#include "nn/position_search.h"
#include "synth/dssi.h"
#include "synth/lv2.h"
#include "synth/render_process.h"
#include "synth/similarity.h"
#include "systems/synthesizer.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

struct Answer {
  torch::Tensor positions;     // [1, columns]
  std::vector<double> values;  // of all parameters
  Rendering note;
  double mss = std::numeric_limits<double>::infinity();
};

std::vector<double> values_of(const SynthesizerSystem& system, const SynthParameters& all, const torch::Tensor& found) {
  std::vector<double> out = initial_values(all);
  const auto values = system.space().values(found)[0];
  for (int64_t i = 0; i < system.space().size(); ++i) {
    const size_t at = index_of(all, system.space().columns()[size_t(i)].name);
    out[at] = std::clamp(double(values[i].item<float>()), all[at].low, all[at].high);
  }
  return out;
}

std::string value_text(const SynthParameter& p, double value) {
  if (p.kind == SynthParameter::Kind::kChoice) return p.choices.at(size_t(p.level(value)));
  return text(value, p.unit.empty() ? "" : " ", p.unit);
}

// What `out` asks for by the end of its name: a file that a synthesizer reads, or one of ours.
struct PresetFile {
  std::string synth;
  bool bank = false;
  const Lv2Plugin* plugin = nullptr;  // of an LV2 preset, a folder

  PresetFile(const fs::path& out, const std::string& synth) : synth(synth) {
    bank = out.extension() == ".bank";
    if (bank && synth != "amsynth") fail(out.string(), ": a bank is amsynth's, but the run infers ", synth);
    if (out.extension() != ".lv2") return;
    plugin = lv2_plugins().find(synth);
    if (!plugin) fail(out.string(), ": such a preset is an LV2 plug-in's, but the run infers ", synth);
  }

  void write(const fs::path& out, const std::vector<double>& values, const std::string& name,
             const SynthParameters& all) const {
    if (bank) return write_file(out, amsynth_bank_text(values, name, all));
    if (!plugin) return write_file(out, preset_text({synth, 1, values}, all));
    const Lv2Preset preset = lv2_preset(*plugin, values, name, all);
    write_file(out / "preset.ttl", preset.preset);
    write_file(out / "manifest.ttl", preset.manifest);  // last: without it hosts pass the folder over
  }
};

}  // namespace

InferReport infer(const InferConfig& config) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  const auto system = load_synthesizer(read_checkpoint(find_checkpoint(config.run)));
  const RunConfig& run = system->config();
  const std::string synth = std::get<SynthesizerConfig>(run.model).synth;
  const PresetFile file(config.out, synth);
  const Clip clip = read_clip(config.recording, run.data.sample_rate, config.seconds);
  const auto seen = system->spectrogram(as_note(clip.samples, run.data));

  RenderProcess process([&] { return make_synth(synth); });
  const SynthParameters& all = process.parameters();
  const SynthNote note{config.key, config.velocity, config.held, config.seconds, run.data.sample_rate};
  const auto answer = [&](const torch::Tensor& positions) {
    Answer out{positions, values_of(*system, all, positions), {}};
    out.note = process.play(out.values, note, 1);
    if (out.note.problem.empty()) out.mss = mss(clip.samples, out.note.samples, run.data.sample_rate);
    return out;
  };
  Answer best;
  for (int draw = 0; draw < (system->draws() ? config.candidates : 1); ++draw) {
    Answer next = answer(system->infer(seen, uint64_t(config.seed) + uint64_t(draw)));
    if (draw == 0 || next.mss < best.mss) best = std::move(next);
  }
  if (config.renders > 0) {
    const auto costs = [&](const torch::Tensor& positions) {
      std::vector<double> out;
      for (int64_t i = 0; i < positions.size(0); ++i) out.push_back(answer(positions.narrow(0, i, 1)).mss);
      return out;
    };
    best = answer(search_positions(system->space(), best.positions[0], config.renders, uint64_t(config.seed), costs)
                      .unsqueeze(0));
  }

  file.write(config.out, best.values, fs::path(config.recording).stem(), all);
  InferReport report;
  report.problem = best.note.problem;
  report.mss = report.problem.empty() ? best.mss : std::numeric_limits<double>::quiet_NaN();
  if (!config.wav.empty() && report.problem.empty()) write_wav(config.wav, best.note.samples, run.data.sample_rate);
  for (const SynthParameter& p : system->space().columns())
    report.parameters.emplace_back(p.name, value_text(p, best.values[index_of(all, p.name)]));
  return report;
}

}  // namespace nr
