#include "generation/generate.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "audio/clip.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "config/reader.h"
#include "generation/multisample.h"
#include "generation/sampler.h"
#include "graph/passes.h"

namespace nr {
namespace {

constexpr int kDecodedAtOnce = 256;  // latent frames decoded at once: bounds the memory, whatever the length

torch::Tensor to_tensor(const Curves& curves, size_t first, size_t count) {
  std::vector<torch::Tensor> rows;
  for (size_t i = 0; i < count; ++i) rows.push_back(torch::tensor(curves[first + i]));
  return torch::stack(rows).unsqueeze(0);
}

// Block by block, each with as much before and after it as the decoder can see: the same as all at once. Only a noise
// branch differs: its excitation begins anew in each block.
std::vector<float> decode(Autoencoder& model, const Curves& curves) {
  const torch::NoGradGuard no_grad;
  const ModelGraphs& graphs = model.graphs();
  const torch::Tensor latent = to_tensor(curves, graphs.controls, graphs.latent_size);
  const torch::Tensor controls = graphs.controls ? to_tensor(curves, 0, graphs.controls) : torch::Tensor();
  const int64_t frames = latent.size(2), seen = measure(graphs.decoder).receptive_field / graphs.hop + 1;
  std::vector<float> out;
  for (int64_t frame = 0; frame < frames; frame += kDecodedAtOnce) {
    const int64_t from = std::max<int64_t>(0, frame - seen), to = std::min(frames, frame + kDecodedAtOnce + seen);
    const int64_t count = std::min<int64_t>(kDecodedAtOnce, frames - frame) * graphs.hop;
    const auto cut = [&](const torch::Tensor& t) { return t.defined() ? t.narrow(2, from, to - from) : t; };
    const torch::Tensor audio = model.decode(cut(latent), cut(controls))
                                    .audio.flatten()
                                    .narrow(0, (frame - from) * graphs.hop, count)
                                    .contiguous();
    out.insert(out.end(), audio.data_ptr<float>(), audio.data_ptr<float>() + count);
  }
  return out;
}

}  // namespace

double ControlMove::at(double share) const {
  const double place = share * double(positions.size() - 1);
  const size_t before = std::min(size_t(place), positions.size() - 1),
               after = std::min(before + 1, positions.size() - 1);
  return positions[before] + (place - double(before)) * (positions[after] - positions[before]);
}

ControlMove control_move(const std::string& setting, const std::vector<Scale>& scales) {
  const size_t equals = setting.find('=');
  if (equals == std::string::npos) fail("control '", setting, "': expected name=value, or name=from:to");
  const std::string name = setting.substr(0, equals);
  std::vector<std::string> names;
  for (const Scale& scale : scales) names.push_back(scale.descriptor);
  ControlMove move{size_t(std::find(names.begin(), names.end(), name) - names.begin())};
  if (move.control == names.size()) {
    if (names.empty()) fail("control '", setting, "': this model has no controls");
    fail("control '", setting, "': no control named '", name, "'", hint(name, names));
  }
  const Scale& scale = scales[move.control];
  const bool decibels = scale.warp() == Warp::kDecibel;
  const auto shown = [&](double physical) { return decibels ? warp(Warp::kDecibel, physical) : physical; };
  std::istringstream values(setting.substr(equals + 1));
  for (std::string value; std::getline(values, value, ':');) {
    double number;
    if (!config::parse(value, number) || !std::isfinite(number))
      fail("control '", setting, "': '", value, "' is not a number");
    const float physical = float(decibels ? unwarp(Warp::kDecibel, number) : number);
    move.positions.push_back(scale.normalise(physical));
    const double low = shown(scale.physical(-1)), high = shown(scale.physical(1)), margin = 1e-4 * (high - low);
    if (number < low - margin || number > high + margin)
      log_warning(text("control '", setting, "': ", number, " is beyond the control's range, ", low, " to ", high));
  }
  if (move.positions.empty()) fail("control '", setting, "': expected a value after '='");
  return move;
}

std::vector<float> control_curve(const std::string& setting, const std::vector<Scale>& scales, int frames,
                                 size_t* control) {
  const ControlMove move = control_move(setting, scales);
  *control = move.control;
  std::vector<float> out(frames);
  for (int frame = 0; frame < frames; ++frame)
    out[frame] = float(move.at(frames > 1 ? double(frame) / (frames - 1) : 0));
  return out;
}

void generate(const GenerateConfig& config) {
  if (!config.sfz.empty()) {
    if (!config.out.empty()) fail("generate writes a sound (--out) or a multisample (--sfz), not both");
    watch_interrupts();
    return write_multisample(NoteInstrument(config.run, config.notes), config.sfz, config.low, config.high,
                             config.step);
  }
  if (config.out.empty()) fail("generate needs the sound file to write (--out)");
  const TrainedPrior trained = load_prior(config.run);
  const ModelGraphs& graphs = trained.base.model->graphs();
  const auto samples = size_t(std::llround(config.seconds * trained.base.config.data.sample_rate));
  const int frames = int((samples + graphs.hop - 1) / graphs.hop);
  if (frames < 1) fail("generate: ", config.seconds, " seconds hold no sample");
  Curves forced(trained.prior->dimensions());
  for (const std::string& setting : config.set_control) {
    size_t control = 0;
    std::vector<float> curve = control_curve(setting, trained.base.scales, frames, &control);
    forced[control] = std::move(curve);
  }
  std::vector<float> sound = decode(
      *trained.base.model, draw_curves(*trained.prior, frames, {config.temperature, uint64_t(config.seed)}, forced));
  sound.resize(samples);
  write_wav(config.out, sound, trained.base.config.data.sample_rate);
  log_info(text("wrote ", config.out, ": ", config.seconds, " s at ", trained.base.config.data.sample_rate, " Hz"));
}

}  // namespace nr
