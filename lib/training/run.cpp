#include "training/run.h"

#include <algorithm>
#include <set>

#include "base/names.h"
#include "config/reader.h"

namespace nr {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// How a config that extends another drops a term or a player of it: with a weight of 0.
void leave_out_zeros(PhaseConfig& phase) {
  for (auto player = phase.players.begin(); player != phase.players.end();) {
    auto& terms = player->second.minimises;
    const bool had_terms = !terms.empty();
    for (auto term = terms.begin(); term != terms.end();)
      term = term->second.from == 0 && term->second.to == 0 ? terms.erase(term) : std::next(term);
    player = had_terms && terms.empty() ? phase.players.erase(player) : std::next(player);
  }
}

void check_term(const std::string& term, const PlayerConfig& player, const std::string& player_path, const std::vector<std::string>& controls,
                const ModelConfig& model) {
  const LossNeeds needs = loss_needs(term);
  const std::string here = player_path + ".minimises." + term;
  if (const bool spectral = std::holds_alternative<MelVaeConfig>(model); needs.compares == (spectral ? Compares::kWaveforms : Compares::kSpectrograms))
    fail(here, " compares ", spectral ? "waveforms" : "spectrograms", ", and a model of type ", type_of(model), " makes ",
         spectral ? "spectrograms" : "waveforms");
  if (term == "kl" && !stochastic(model)) fail(here, " needs a gaussian latent; others have no posterior");
  if (controls.empty() && needs.knobs != Knobs::kNone) fail(here, " needs descriptors.controls, which is empty");
  const auto heard = [&](const std::string& control) { return contains(needs.hears, control); };
  if (!needs.hears.empty() && std::none_of(controls.begin(), controls.end(), heard))
    fail(here, " hears ", join(needs.hears, " or "), ", and none of them is among descriptors.controls (", join(controls), ")");
  for (const std::string& part : needs.teaches)
    if (!contains(player.trains, part)) fail(here, " teaches ", join(needs.teaches, " and "), ", but the player trains ", join(player.trains));
  if (contains(player.trains, needs.judge) && !contains(needs.teaches, needs.judge))
    fail(here, " asks the ", needs.judge, ", and a player that trains it too would teach it to err");
}

void check_phase(const PhaseConfig& phase, const std::string& path, const std::vector<std::string>& controls, const ModelConfig& model) {
  if (phase.players.empty()) fail(path, " has no players");
  std::set<std::string> trained;
  for (const auto& [name, player] : phase.players) {
    const std::string here = path + ".players." + name;
    if (player.trains.empty() || player.minimises.empty()) fail(here, " needs trains and minimises");
    if (player.betas.size() != 2) fail(here, ".betas must be two numbers");
    if (player.turns.empty()) fail(here, ".turns is empty: expected the steps of every ", player.every, " in which it plays");
    for (const int turn : player.turns)
      if (turn >= player.every) fail(here, ".turns: ", turn, " must be less than every (", player.every, ")");
    if (contains(player.trains, "encoder") && !contains(player.trains, "decoder"))
      fail(here, ".trains: the encoder learns through the decoder; the same player must train both");
    for (const std::string& part : player.trains)
      if (!trained.insert(part).second) fail(here, ".trains: '", part, "' is trained by another player of this phase already");
    if (player.repeat > 1 && (contains(player.trains, "encoder") || contains(player.trains, "decoder")))
      fail(here, ".repeat: ", player.repeat, ", but encoder and decoder run once a step; only a player of discriminators can repeat");
    for (const auto& [term, weight] : player.minimises) check_term(term, player, here, controls, model);
  }
}

void check_judges(const WaveformDiscriminatorConfig& c, int segment) {
  const std::string here = "training.waveform_discriminator";
  if (c.scales == 0 && c.periods.empty() && c.stft_sizes.empty())
    fail(here, " has no judge: scales is 0, periods and stft_sizes are empty; it needs at least one of them");
  if (c.scales > 0 && c.design == "rave_v1" && c.capacity % 4) fail(here, ".capacity: ", c.capacity, " must be a multiple of 4, the channels of a group");
  for (const auto& [field, list] : {std::pair{".periods", c.periods}, {".stft_sizes", c.stft_sizes}})
    if (std::set<int>(list.begin(), list.end()).size() < list.size()) fail(here, field, ": a number stands twice");
  for (const int size : c.stft_sizes) {
    if (size / 2 >= segment) fail(here, ".stft_sizes: ", size, " must be less than twice data.segment (", segment, ")");
    int from = 0;
    for (const double cut : c.stft_bands) {
      const int to = int(cut * (size / 2 + 1));
      if (to <= from || to > size / 2) fail(here, ".stft_bands: must rise, with a bin of each STFT between, but ", cut, " is bin ", to, " of ", size / 2, " after bin ", from);
      from = to;
    }
  }
}

}  // namespace

RunConfig read_run_config(const config::Value& root) {
  RunConfig c = config::read<RunConfig>(root);
  for (auto& [name, phase] : c.training.phases) leave_out_zeros(phase);
  const auto* mel = std::get_if<MelVaeConfig>(&c.model);
  const int hop = nr::hop(c.model), fewest = mel ? 1 : 4;
  if (c.data.segment % hop || c.data.segment < fewest * hop)
    fail("data.segment: ", c.data.segment, " must be a multiple of the model's hop of ", hop, " samples, and at least ", fewest, " of them");
  if (mel && mel->sample_rate != c.data.sample_rate)
    fail("model.sample_rate: ", mel->sample_rate, " must be data.sample_rate (", c.data.sample_rate, "): a mel_vae's bands are cut for it");
  if (mel && c.training.batch * (c.data.segment / hop) < 2) fail("training.batch: 1, but a mel_vae normalises by the batch and needs 2 latents in it");
  if (hop % c.descriptors.hop) fail("descriptors.hop: ", c.descriptors.hop, " must divide the model's hop of ", hop, " samples");
  for (const std::string& control : c.descriptors.controls)
    if (!contains(c.descriptors.names, control)) fail("descriptors.controls: '", control, "' is not among descriptors.names");
  for (const auto& [control, weight] : c.descriptors.weights) {
    if (!contains(c.descriptors.controls, control)) fail("descriptors.weights: '", control, "' is not among descriptors.controls");
    if (!contains(differentiable_descriptors(), control))
      fail("descriptors.weights: '", control, "' has no differentiable twin to weigh; expected ", join(differentiable_descriptors(), " or "));
    if (!(weight > 0)) fail("descriptors.weights.", control, ": ", weight, " must be more than 0");
  }
  check_judges(c.training.waveform_discriminator, c.data.segment);
  int64_t steps = 0;
  for (const auto& [name, phase] : c.training.phases) {
    if (phase.steps > 0) check_phase(phase, "training.phases." + name, c.descriptors.controls, c.model);
    steps += phase.steps;
  }
  if (steps == 0) fail("training.phases has no steps: there is nothing to train");
  return c;
}

}  // namespace nr
