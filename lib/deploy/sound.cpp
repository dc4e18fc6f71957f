#include "deploy/sound.h"

#include "audio/clip.h"
#include "base/error.h"
#include "config/reader.h"
#include "data/loader.h"

namespace nr {
namespace {

TestSound from_file(const TrainedModel& trained, const std::string& file, double seconds) {
  std::vector<float> samples = read_clip(file, trained.config.data.sample_rate).samples;
  samples.resize(std::min(samples.size(), size_t(seconds * trained.config.data.sample_rate)));
  return make_test_sound(trained, std::move(samples));
}

TestSound from_data(const TrainedModel& trained, double seconds) {
  const Dataset dataset(trained.config.data, trained.config.descriptors);
  std::vector<torch::Tensor> audio, controls;
  int64_t samples = 0;
  const auto wanted = int64_t(seconds * trained.config.data.sample_rate);
  for (const Split split : {Split::kTest, Split::kValidation, Split::kTrain}) {
    for (const int clip : dataset.split(split)) {
      if (samples >= wanted) break;
      const Batch batch = whole_clip(dataset, clip, trained.scales, trained.model->graphs().hop);
      audio.push_back(batch.audio), samples += batch.audio.size(-1);
      if (batch.controls.defined()) controls.push_back(batch.controls);
    }
    if (!audio.empty()) break;
  }
  if (audio.empty()) fail("the run's data holds no clip");
  const int hop = trained.model->graphs().hop;
  const int64_t frames = std::max<int64_t>(1, std::min(samples, wanted) / hop);
  TestSound out{torch::cat(audio, -1).narrow(-1, 0, frames * hop), {}};
  if (!controls.empty()) out.controls = torch::cat(controls, -1).narrow(-1, 0, frames);
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

TestSound test_sound(const TrainedModel& trained, const std::string& file, double seconds) {
  if (!file.empty()) return from_file(trained, file, seconds);
  try {
    return from_data(trained, seconds);
  } catch (const Error& error) {
    fail("no sound to calibrate with: ", error.what(), "; or name a recording with --audio");
  }
}

Signal to_signal(const torch::Tensor& tensor) {
  const torch::Tensor t = tensor[0].t().to(torch::kFloat).contiguous();
  return {int(t.size(1)), {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()}};
}

Wires exercise(const Wires& inputs) {
  std::map<std::string, std::vector<torch::Tensor>> parts;
  const auto append = [&](const torch::Tensor& controls) {
    for (const auto& [name, wire] : inputs) parts[name].push_back(name == "controls" ? controls : wire);
  };
  const auto knobs = inputs.find("controls");
  const torch::Tensor own = knobs == inputs.end() ? torch::Tensor() : knobs->second;
  append(own);
  if (own.defined()) {
    for (const float end : {-1.0f, 1.0f}) {
      append(torch::full_like(own, end));
      for (int64_t knob = 0; knob < own.size(1) && own.size(1) > 1; ++knob) {
        torch::Tensor turned = own.clone();
        turned.select(1, knob).fill_(end);
        append(turned);
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
