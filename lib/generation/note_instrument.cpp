#include "generation/note_instrument.h"

#include <torch/torch.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/names.h"
#include "config/reader.h"
#include "data/note_labels.h"
#include "nn/checkpoint.h"
#include "nn/device.h"
#include "nn/floats.h"
#include "systems/vocoder.h"
#include "systems/wae.h"

namespace nr {

struct NoteInstrument::Network {
  std::unique_ptr<WaeSystem> system;
  std::unique_ptr<VocoderSystem> vocoder;
  const ConditionGroup *semitone = nullptr, *octave = nullptr, *style = nullptr;
  std::vector<std::string> styles;
  State initial;
};

namespace {

float weight_of(const std::string& text_of, const std::string& given) {
  double out;
  if (!config::parse(text_of, out)) fail("style '", given, "': '", text_of, "' is not a number");
  return float(out);
}

std::vector<float> weights_of(const std::vector<std::string>& given, const std::vector<std::string>& styles) {
  std::vector<float> out(styles.size(), 0);
  if (given.empty() && !out.empty()) out[0] = 1;
  for (const std::string& one : given) {
    const size_t equals = one.find('=');
    const std::string name = one.substr(0, equals);
    const auto at = std::find(styles.begin(), styles.end(), name);
    if (styles.empty()) fail("style '", one, "': this model is given no style");
    if (at == styles.end()) fail("style '", one, "': the model knows no style '", name, "'", hint(name, styles));
    out[size_t(at - styles.begin())] = equals == std::string::npos ? 1 : weight_of(one.substr(equals + 1), one);
  }
  return out;
}

}  // namespace

bool makes_notes(const std::string& run) {
  if (std::filesystem::path(run).extension() == ".nrp") return false;
  return std::holds_alternative<WaeConfig>(run_config_of(read_checkpoint(find_checkpoint(run))).model);
}

NoteInstrument::NoteInstrument(const std::string& run, const NoteVoicing& voicing)
    : network_(std::make_unique<Network>()) {
  choose_device("cpu");
  network_->system = load_wae(read_checkpoint(find_checkpoint(run)));
  for (const ConditionGroup& group : network_->system->groups())
    (group.label == "semitone" ? network_->semitone : group.label == "octave" ? network_->octave : network_->style) =
        &group;
  if (network_->style) network_->styles = network_->style->classes;
  network_->initial.weights = weights_of(voicing.style, network_->styles);
  network_->initial.point.assign(voicing.point.begin(), voicing.point.end());
  network_->initial.point.resize(voicing.point.empty() ? dimensions() : voicing.point.size());
  if (network_->initial.point.size() != dimensions())
    fail("point: ", voicing.point.size(), " numbers, but the latent has ", dimensions(), " dimensions");
  if (voicing.vocoder.empty()) return;
  network_->vocoder = load_vocoder_of(voicing.vocoder, network_->system->model(), sample_rate());
}

NoteInstrument::~NoteInstrument() = default;

int NoteInstrument::sample_rate() const { return network_->system->config().data.sample_rate; }
size_t NoteInstrument::samples() const { return size_t(network_->system->config().data.segment); }
size_t NoteInstrument::dimensions() const { return size_t(network_->system->model().latent_size); }
const std::vector<std::string>& NoteInstrument::styles() const { return network_->styles; }
const NoteInstrument::State& NoteInstrument::initial() const { return network_->initial; }

std::string NoteInstrument::style_text() const {
  std::string out;
  for (size_t s = 0; s < network_->styles.size(); ++s)
    if (network_->initial.weights[s] != 0)
      out += text(out.empty() ? "" : ", ", network_->styles[s], " ", network_->initial.weights[s]);
  return out;
}

bool NoteInstrument::plays(int key) const {
  if (!network_->octave) return key >= 0 && key <= 127;
  return key >= 12 && contains(network_->octave->classes, std::to_string(key / 12 - 1));
}

std::vector<float> NoteInstrument::note(int key, const State& state) const {
  WaeSystem& system = *network_->system;
  if (!plays(key)) fail("key ", key, ": the model has no such octave");
  auto condition = torch::zeros({1, system.classes()});
  const auto choose = [&](const ConditionGroup* group, const std::string& name) {
    if (!group) return;
    const auto& classes = group->classes;
    condition[0][group->at + (std::find(classes.begin(), classes.end(), name) - classes.begin())] = 1;
  };
  choose(network_->semitone, kSemitones[key % 12]);
  choose(network_->octave, std::to_string(key / 12 - 1));
  for (size_t s = 0; network_->style && s < state.weights.size(); ++s)
    condition[0][network_->style->at + int64_t(s)] = state.weights[s];
  const auto made = system.decode(torch::tensor(state.point).unsqueeze(0), condition);
  const auto audio =
      network_->vocoder ? network_->vocoder->sound(system.spectrogram().linear(made)) : system.sound(made);
  return floats_of(audio);
}

}  // namespace nr
