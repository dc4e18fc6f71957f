#include "generation/performer.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "data/split.h"
#include "descriptors/descriptor.h"
#include "generation/recording.h"
#include "nn/checkpoint.h"
#include "nn/device.h"
#include "systems/latent_directions.h"

namespace nr {
namespace {

constexpr size_t kKnownSounds = 512;  // training sounds that rank dimensions and are presets
constexpr int64_t kShown = 5;
using Messages = std::vector<OscMessage>;

float number(const OscArgument& a) {
  const auto* whole = std::get_if<int32_t>(&a);
  return whole ? float(*whole) : std::get<float>(a);
}

int whole(const OscArgument& a) {
  const float value = number(a);
  if (!(std::abs(value) < 1e6f) || value != std::round(value)) fail(value, " is no whole number");
  return int(value);
}

std::string hash_of(const std::string& path) { return hex(hash64(path)); }

}  // namespace

struct Performer::State {
  ServeConfig config;
  std::unique_ptr<SynthesizerSystem> system;
  std::unique_ptr<Dataset> dataset;           // null where it is not prepared
  std::vector<LatentDirection> directions{};  // ranked; empty without a latent
  std::vector<std::pair<std::string, torch::Tensor>> presets{};  // hash, latent
  std::vector<float> place{};                 // deviations along the directions
  std::vector<torch::Tensor> path{};          // latents
  bool stopped = false, frozen = false, shifts = false, octave = false, path_in_latent = true;

  void load(const std::string& run) {
    const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
    std::unique_ptr<SynthesizerSystem> next = load_synthesizer(checkpoint);
    system = std::move(next), dataset.reset(), directions.clear(), presets.clear(), path.clear();
    try {
      const auto splits = checkpoint.texts.find("splits");
      dataset = std::make_unique<Dataset>(
          system->config().data, system->config().descriptors,
          splits == checkpoint.texts.end() ? std::map<std::string, Split>{} : parse_splits(splits->second));
    } catch (const Error& error) {
      log_warning(text(error.what(), ": there are no presets, and dimensions are not ranked"));
    }
    if (has_latent()) rank();
    place.assign(directions.size(), 0.f);
  }

  bool has_latent() const { return system->latent_size() > 0 && !system->draws(); }

  void rank() {
    if (!dataset) {
      const int64_t d = system->latent_size();
      for (int64_t i = 0; i < d; ++i) directions.push_back({torch::zeros({d}), torch::eye(d)[i], 0, 0, int(i)});
      return;
    }
    const auto latents = training_latents(*system, *dataset, kKnownSounds);
    directions = ranked_directions(*system, analyse_latents(latents, torch::ones({latents.size(0)})));
    const std::vector<int> clips = dataset->split(Split::kTrain);
    for (int64_t i = 0; i < latents.size(0); ++i)
      presets.emplace_back(hash_of(dataset->clips()[size_t(clips[size_t(i)])].path), latents[i].clone());
  }

  void needs_latent() const {
    if (!has_latent()) fail("this run has no latent that can be played");
  }
  void needs_dimension(int d) const {
    if (d < 0 || size_t(d) >= directions.size()) fail("no dimension ", d, ", there are ", directions.size());
  }

  torch::Tensor latent() const {
    auto out = directions[0].middle.clone();
    for (size_t d = 0; d < directions.size(); ++d) out = out + place[d] * directions[d].step;
    return out;
  }
  // Coordinates of a latent along the directions, which are orthogonal.
  void set_latent(const torch::Tensor& z) {
    for (size_t d = 0; d < directions.size(); ++d) {
      const auto& step = directions[d].step;
      const double length = step.square().sum().item<double>();
      const double along = length > 1e-12 ? ((z - directions[d].middle) * step).sum().item<double>() / length : 0;
      place[d] = float(along);
    }
  }
  OscMessage z_pos() const { return {"/z_pos", {place.begin(), place.end()}}; }
  OscMessage params(const torch::Tensor& positions) const {
    OscMessage out{"/params", {}};
    const auto values = system->space().values(positions.reshape({1, -1}))[0];
    for (int64_t i = 0; i < system->space().size(); ++i) {
      out.arguments.emplace_back(system->space().columns()[size_t(i)].name);
      out.arguments.emplace_back(values[i].item<float>());
    }
    return out;
  }
  torch::Tensor positions_of(const torch::Tensor& z) { return system->infer_latent(z.unsqueeze(0))[0]; }
  Messages sound_here() { return {z_pos(), params(positions_of(latent()))}; }
  Messages sound_at(const torch::Tensor& z) {
    set_latent(z);
    return {z_pos(), params(positions_of(z))};
  }
  const torch::Tensor& preset(const std::string& hash) const {
    for (const auto& [name, z] : presets)
      if (name == hash) return z;
    fail("no preset ", hash, "; /preset_space lists them");
  }
  torch::Tensor latent_with(const std::vector<std::pair<float, int>>& values, bool keeps) {
    needs_latent();
    for (const auto& [value, d] : values) {
      needs_dimension(d);
      if (!(std::abs(value) <= 1000)) fail("a coordinate is ", value, ", expected -1000 to 1000 deviations");
    }
    if (!keeps) std::fill(place.begin(), place.end(), 0.f);
    for (const auto& [value, d] : values) place[size_t(d)] = value;
    return latent();
  }

  Messages model_params() {
    return {{"/model_params",
             {std::get<SynthesizerConfig>(system->config().model).synth, int32_t(system->latent_size()),
              int32_t(system->space().size())}},
            {"/params_nb", {int32_t(system->space().size())}}};
  }
  Messages state() {
    Messages out{{"/state", {int32_t(has_latent() ? system->latent_size() : 0), int32_t(system->space().size())}}};
    if (has_latent())
      for (OscMessage& message : sound_here()) out.push_back(std::move(message));
    return out;
  }
  Messages encode(const std::string& file) {
    const RunConfig& run = system->config();
    Messages out;
    std::vector<float> sound = beginning_of(file, run.data);
    if (shifts || octave) {
      const int note = commonest_note(sound, run.data.sample_rate);
      if (note >= 0) sound = shifted(sound, run.data.sample_rate, octave ? to_nearest_c(note) : 60 - note);
      out.push_back({"/target_pitch", {int32_t(note)}});
    }
    const auto seen = system->spectrogram(as_note(sound, run.data));
    if (!has_latent()) {
      out.push_back(params(system->infer(seen, 1)[0]));
      return out;
    }
    for (OscMessage& message : sound_at(system->encode(seen)[0])) out.push_back(std::move(message));
    return out;
  }
  Messages analysis(int d, int n) {
    needs_latent(), needs_dimension(d);
    if (n < 2 || n > 1000) fail(n, " places, expected 2 to 1000");
    const auto line = directions[size_t(d)].at(torch::linspace(-kDirectionEnd, kDirectionEnd, n));
    const auto positions = system->infer_latent(line);
    const auto order = positions.std(0, false).argsort(0, true);
    Messages out;
    for (int64_t k = 0; k < std::min(kShown, order.size(0)); ++k) {
      const auto p = order[k].item<int64_t>();
      OscMessage message{"/dimension_analysis", {d, system->space().columns()[size_t(p)].name}};
      for (int i = 0; i < n; ++i) message.arguments.emplace_back(positions[i][p].item<float>());
      out.push_back(std::move(message));
    }
    return out;
  }
  Messages preset_space() {
    if (presets.empty()) fail("there are no presets: the run has no latent, or its data is not prepared");
    const std::vector<int> clips = dataset->split(Split::kTrain);
    const std::vector<float> here = place;
    std::string csv = "hash,path,tags,coordinates\n";
    for (size_t i = 0; i < presets.size(); ++i) {
      set_latent(presets[i].second);
      csv += presets[i].first + "," + dataset->clips()[size_t(clips[i])].path + ",";
      for (const float tag : dataset->tags(clips[i])) csv += tag > 0 ? '+' : tag < 0 ? '-' : '0';
      for (size_t d = 0; d < place.size(); ++d) csv += text(d ? " " : ",", place[d]);
      csv += "\n";
    }
    place = here;
    write_file(config.presets, csv);
    return {{"/presets", {std::filesystem::absolute(config.presets).string()}}};
  }
  Messages add_to_path(const torch::Tensor& z) {
    path.push_back(z);
    return {{"/print", {text("the path has ", path.size(), " points")}}};
  }
  Messages play_path(float ratio) {
    if (path.empty()) fail("the path has no point");
    if (!(ratio >= 0 && ratio <= 1)) fail("a place on the path is ", ratio, ", expected 0 to 1");
    const double along = double(ratio) * double(path.size() - 1);
    const size_t from = std::min(size_t(along), path.size() - 1), to = std::min(from + 1, path.size() - 1);
    const double share = along - double(from);
    if (path_in_latent) return sound_at((1 - share) * path[from] + share * path[to]);
    return {params((1 - share) * positions_of(path[from]) + share * positions_of(path[to]))};
  }
  Messages set(bool& flag, const OscArgument& value, const char* name) {
    flag = whole(value) != 0;
    return {{"/print", {text(name, flag ? " on" : " off")}}};
  }
  // The arguments: s text, n number.
  struct Handler {
    const char *path, *arguments;
    Messages (*answer)(State&, const std::vector<OscArgument>&);
  };
  static const std::vector<Handler>& handlers();
};

const std::vector<Performer::State::Handler>& Performer::State::handlers() {
  using Given = const std::vector<OscArgument>&;
  static const auto pairs = [](Given a) {
    std::vector<std::pair<float, int>> out;
    for (size_t i = 0; i + 1 < a.size(); i += 2)
      if (const int d = whole(a[i + 1]); d >= 0) out.emplace_back(number(a[i]), d);
    return out;
  };
  static const std::vector<Handler> table{
      {"/ping", "", [](State&, Given) { return Messages{{"/print", {"here"}}}; }},
      {"/stop", "", [](State& s, Given) { return s.stopped = true, Messages{{"/terminated", {}}}; }},
      {"/get_state", "", [](State& s, Given) { return s.state(); }},
      {"/resend_state", "", [](State& s, Given) { return s.state(); }},
      {"/model_params", "", [](State& s, Given) { return s.model_params(); }},
      {"/set_model", "s", [](State& s, Given a) { return s.load(std::get<std::string>(a[0])), s.model_params(); }},
      {"/set_dataset", "s", [](State&, Given) { return Messages{{"/print", {"the set is that of the run"}}}; }},
      {"/decode", "nnnn",
       [](State& s, Given a) {
         s.latent_with({{number(a[0]), whole(a[2])}, {number(a[1]), whole(a[3])}}, s.frozen);
         return s.sound_here();
       }},
      {"/decode_hand", "nnnnnnnnnnnn",
       [](State& s, Given a) { return s.latent_with(pairs(a), s.frozen), s.sound_here(); }},
      {"/set_freeze_mode", "n", [](State& s, Given a) { return s.set(s.frozen, a[0], "freeze"); }},
      {"/set_pitch_shift", "n", [](State& s, Given a) { return s.set(s.shifts, a[0], "pitch shift"); }},
      {"/set_pitch_octave", "n", [](State& s, Given a) { return s.set(s.octave, a[0], "pitch shift to a C"); }},
      {"/set_path_use_z", "n", [](State& s, Given a) { return s.set(s.path_in_latent, a[0], "path in the latent"); }},
      {"/encode", "s", [](State& s, Given a) { return s.encode(std::get<std::string>(a[0])); }},
      {"/dimension_analysis", "nn", [](State& s, Given a) { return s.analysis(whole(a[0]), whole(a[1])); }},
      {"/preset_space", "", [](State& s, Given) { return s.preset_space(); }},
      {"/load_preset", "s", [](State& s, Given a) { return s.sound_at(s.preset(std::get<std::string>(a[0]))); }},
      {"/clear_path", "",
       [](State& s, Given) { return s.path.clear(), Messages{{"/print", {"the path has 0 points"}}}; }},
      {"/add_free_path", "nnnn",
       [](State& s, Given a) {
         const std::vector<float> here = s.place;
         const auto z = s.latent_with({{number(a[0]), whole(a[2])}, {number(a[1]), whole(a[3])}}, false);
         s.place = here;
         return s.add_to_path(z);
       }},
      {"/add_preset_path", "s", [](State& s, Given a) { return s.add_to_path(s.preset(std::get<std::string>(a[0]))); }},
      {"/play_path", "n", [](State& s, Given a) { return s.play_path(number(a[0])); }},
  };
  return table;
}

Performer::Performer(const ServeConfig& config) : state_(new State{config, {}, {}}) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  state_->load(config.run);
}
Performer::~Performer() = default;
bool Performer::stopped() const { return state_->stopped; }

Messages Performer::answer(const OscMessage& message) {
  const torch::NoGradGuard no_grad;
  try {
    for (const State::Handler& handler : State::handlers()) {
      if (message.path != handler.path) continue;
      const std::string expected = handler.arguments;
      bool fits = expected.size() == message.arguments.size();
      for (size_t i = 0; fits && i < expected.size(); ++i)
        fits = (expected[i] == 's') == std::holds_alternative<std::string>(message.arguments[i]);
      if (!fits)
        fail("expected ", std::count(expected.begin(), expected.end(), 'n'), " numbers and ",
             std::count(expected.begin(), expected.end(), 's'), " texts");
      return handler.answer(*state_, message.arguments);
    }
    fail("there is no such message");
  } catch (const std::exception& error) {
    return {{"/print", {message.path + ": " + error.what()}}};
  }
}

}  // namespace nr
