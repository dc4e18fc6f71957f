#include "deploy/sound.h"

#include "audio/clip.h"
#include "base/error.h"
#include "base/random.h"
#include "data/loader.h"
#include "data/split.h"
#include "nn/floats.h"

namespace nr {
namespace {

// Seconds of the run's clips that are calibrated on, however little is asked for. Of 1 or 2 seconds, peaks of other
// clips are clipped: an SNR of 42 dB on configs/tiny/v3.yaml becomes 2 dB.
constexpr double kLeastCalibration = 20;

TestSound part_of(const TestSound& sound, int hop, int64_t from, int64_t count, const std::string& source) {
  const auto controls = sound.controls.defined() ? sound.controls.narrow(-1, from / hop, count / hop) : sound.controls;
  return {sound.audio.narrow(-1, from, count), controls, source};
}

// At a latent frame, so that the halves are whole numbers of them.
Sounds halved(const TestSound& sound, int hop, const std::string& source) {
  const int64_t samples = sound.audio.size(-1), half = samples / 2 / hop * hop;
  if (half == 0) fail(source, ": ", samples, " samples are too few to calibrate on one half and to score on the other");
  return {part_of(sound, hop, 0, half, "the first half of " + source),
          part_of(sound, hop, half, half, "the second half of " + source)};
}

Sounds from_file(const TrainedModel& trained, const std::string& file, double seconds) {
  std::vector<float> samples = read_clip(file, trained.config.data.sample_rate, 2 * seconds).samples;
  return halved(make_test_sound(trained, std::move(samples)), trained.model->graphs().hop, file);
}

// Up to `wanted` samples of these clips, each whole but for the last.
TestSound join_clips(const Dataset& dataset, const TrainedModel& trained, const std::vector<int>& clips,
                     int64_t wanted) {
  std::vector<torch::Tensor> audio, controls;
  int64_t samples = 0;
  const int hop = trained.model->graphs().hop;
  for (const int clip : clips) {
    if (samples >= wanted) break;
    const Batch batch = whole_clip(dataset, clip, trained.scales, hop);
    audio.push_back(batch.audio), samples += batch.audio.size(-1);
    if (batch.controls.defined()) controls.push_back(batch.controls);
  }
  if (audio.empty()) return {};
  const int64_t frames = std::max<int64_t>(1, std::min(samples, wanted) / hop);
  TestSound out{torch::cat(audio, -1).narrow(-1, 0, frames * hop), {}, ""};
  if (!controls.empty()) out.controls = torch::cat(controls, -1).narrow(-1, 0, frames);
  return out;
}

// In an order that is not that of their names, where neighbours are alike.
std::vector<int> shuffled(std::vector<int> clips) {
  for (size_t i = clips.size(); i > 1; --i) std::swap(clips[i - 1], clips[Random(1, i).below(i)]);
  return clips;
}

Sounds from_data(const TrainedModel& trained, double seconds) {
  std::map<std::string, Split> splits;
  if (!trained.splits.empty()) splits = parse_splits(trained.splits);
  const Dataset dataset(trained.config.data, trained.config.descriptors, splits);
  std::vector<int> seen = shuffled(dataset.split(Split::kTrain)), test = dataset.split(Split::kTest);
  for (const int clip : dataset.split(Split::kValidation)) seen.push_back(clip);
  const auto wanted = int64_t(seconds * trained.config.data.sample_rate);
  if (seen.empty() && test.empty()) fail("the run's data holds no clip");
  if (seen.empty() || test.empty())
    return halved(join_clips(dataset, trained, seen.empty() ? test : seen, 2 * wanted), trained.model->graphs().hop,
                  "the run's clips");
  const auto fewest = int64_t(kLeastCalibration * trained.config.data.sample_rate);
  Sounds out{join_clips(dataset, trained, seen, std::max(wanted, fewest)), join_clips(dataset, trained, test, wanted)};
  out.calibration.source = "the run's training and validation clips", out.scored.source = "the run's test clips";
  return out;
}

}  // namespace

TestSound make_test_sound(const TrainedModel& trained, std::vector<float> samples) {
  const int hop = trained.model->graphs().hop;
  samples.resize((samples.size() + hop - 1) / hop * hop);
  TestSound out;
  out.audio = torch::tensor(samples).reshape({1, 1, -1});
  const DescriptorConfig& d = trained.config.descriptors;
  if (d.controls.empty()) return out;
  if (!trained.scales[0].measured()) {  // knobs: in their middle
    out.controls = torch::zeros({1, int64_t(d.controls.size()), out.audio.size(-1) / hop});
    return out;
  }
  const auto curves = analyse(samples, d.controls, {trained.config.data.sample_rate, d.window, d.hop});
  std::vector<torch::Tensor> rows;
  for (size_t i = 0; i < curves.size(); ++i) {
    std::vector<float> curve = average(curves[i], hop / d.hop);
    fill_gaps(curve, trained.scales[i].physical(-1));
    for (float& x : curve) x = trained.scales[i].normalise(x);
    rows.push_back(torch::tensor(curve));
  }
  out.controls = torch::stack(rows).unsqueeze(0);
  return out;
}

Sounds test_sounds(const TrainedModel& trained, const std::string& file, double seconds) {
  if (!file.empty()) return from_file(trained, file, seconds);
  try {
    return from_data(trained, seconds);
  } catch (const Error& error) {
    fail("no sound to calibrate with: ", error.what(), "; or name a recording with --audio");
  }
}

Signal to_signal(const torch::Tensor& tensor) {
  return {int(tensor.size(1)), floats_of(tensor[0].t())};
}

Wires calibration_set(const Wires& inputs) {
  std::map<std::string, std::vector<torch::Tensor>> parts;
  const auto append = [&](const torch::Tensor& controls) {
    for (const auto& [name, wire] : inputs) parts[name].push_back(name == "controls" ? controls : wire);
  };
  const auto found = inputs.find("controls");
  const torch::Tensor own = found == inputs.end() ? torch::Tensor() : found->second;
  append(own);
  if (own.defined()) {
    for (const float end : {-1.0f, 1.0f}) {
      append(torch::full_like(own, end));
      for (int64_t control = 0; control < own.size(1) && own.size(1) > 1; ++control) {
        torch::Tensor one = own.clone();
        one.select(1, control).fill_(end);
        append(one);
      }
    }
  }
  if (const auto audio = inputs.find("audio"); audio != inputs.end()) {
    append(own);
    torch::Tensor& last = parts["audio"].back();
    last = last / last.abs().max().clamp_min(1e-3);
  }
  Wires out;
  for (auto& [name, list] : parts) out[name] = torch::cat(list, -1);
  return out;
}

}  // namespace nr
