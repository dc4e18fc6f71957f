#include "training/train.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/files.h"
#include "base/hash.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "config/writer.h"
#include "data/split.h"
#include "nn/checkpoint.h"
#include "nn/device.h"
#include "training/forward.h"
#include "training/journal.h"
#include "training/latents.h"
#include "training/player.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr int kJournalEvery = 10;   // steps
constexpr int kSurveyBatches = 16;  // of the training split, from which the latent's components are computed

bool any_term(const PhaseConfig& phase, const std::function<bool(const Loss&)>& test) {
  for (const auto& [player, config] : phase.players)
    for (const auto& [name, weight] : config.minimises)
      if (test(losses().at(name))) return true;
  return false;
}

std::vector<Scale> control_scales(const std::vector<Scale>& all, const std::vector<std::string>& controls) {
  std::vector<Scale> out;
  for (const std::string& control : controls)
    for (const Scale& scale : all)
      if (scale.descriptor == control) out.push_back(scale);
  return out;
}

class Training {
 public:
  Training(const RunConfig& config, const fs::path& folder)
      : config_(config), folder_(folder), device_(choose_device(config.device)), data_(config.data, config.descriptors) {
    torch::manual_seed(config.seed);
    const int controls = int(config.descriptors.controls.size());
    parts_.model = std::make_shared<Autoencoder>(config.model, controls);
    const ModelGraphs& graphs = parts_.model->graphs();
    const auto judged_by = [&](const std::string& judge) {
      return std::any_of(config.training.phases.begin(), config.training.phases.end(),
                         [&](const auto& phase) { return phase.second.steps > 0 && any_term(phase.second, [&](const Loss& loss) { return judge == loss.judge; }); });
    };
    if (judged_by("latent_discriminator"))
      parts_.latent_discriminator =
          std::make_shared<LatentDiscriminator>(config.training.latent_discriminator, graphs.latent_size, controls, config.descriptors.classes);
    if (judged_by("waveform_discriminator"))
      parts_.waveform_discriminator = std::make_shared<WaveformDiscriminator>(config.training.waveform_discriminator);
    parts_.model->to(device_);
    for (auto& [name, module] : parts_.list()) module->to(device_);
    settings_ = {config.training.stft_sizes,
                 config.training.band_stft_sizes,
                 config.descriptors.controls,
                 control_scales(data_.fit_scales(graphs.hop), config.descriptors.controls),
                 {config.data.sample_rate, config.descriptors.window, config.descriptors.hop},
                 graphs.hop,
                 graphs.delay,
                 config.training.adversarial,
                 config.descriptors.weights};
    LoaderConfig loading{config.training.batch, graphs.hop, uint64_t(config.seed), 1, true};
    write_file(folder_ / "clips.csv", clip_list(data_.clips(), config.data.sample_rate));
    loader_ = std::make_unique<Loader>(data_, Split::kTrain, settings_.scales, loading);
    loading.augment = false;
    loading.threads = 0;
    survey_ = std::make_unique<Loader>(data_, Split::kTrain, settings_.scales, loading);
    loading.threads = 1;
    if (!data_.split(Split::kValidation).empty())
      validation_ = std::make_unique<Loader>(data_, Split::kValidation, settings_.scales, loading);
  }

  void run(bool resume) {
    const fs::path last = checkpoint_path("last");
    Checkpoint saved;
    if (resume && fs::exists(last)) {
      saved = read_checkpoint(last);
      restore_parts(saved);
    }
    Journal journal(folder_ / "journal.jsonl", step_);
    describe();
    int64_t begin = 0;
    for (const auto& [name, phase] : config_.training.phases) {
      if (step_ < begin + phase.steps && !run_phase(name, phase, begin, saved, journal)) return;
      begin += phase.steps;
    }
    log_info(text("trained ", step_, " steps in ", duration_text(journal.seconds()), "; ", last.string()));
  }

 private:
  fs::path checkpoint_path(const std::string& name) const { return folder_ / "checkpoints" / (name + ".safetensors"); }

  void describe() {
    const ModelGraphs& graphs = parts_.model->graphs();
    const Measure m = measure(config_.model, graphs.controls);
    const int rate = config_.data.sample_rate;
    char line[256];
    std::snprintf(line, sizeof line, "model: %.3f M parameters, %.1f MMAC/s at %d Hz, hop %d (%.1f ms), delay %d samples (%.1f ms)%s",
                  m.parameters / 1e6, m.macs_per_sample * rate / 1e6, rate, graphs.hop, 1e3 * graphs.hop / rate, graphs.delay + m.latency,
                  1e3 * (graphs.delay + m.latency) / rate, device_.is_cuda() ? ", on CUDA" : "");
    log_info(line);
    for (const Scale& s : settings_.scales)
      log_info(text("knob ", s.descriptor, ": ", s.physical(-1), " to ", s.physical(1), " ", descriptors().at(s.descriptor).unit));
  }

  // False when interrupted.
  bool run_phase(const std::string& name, const PhaseConfig& phase, int64_t begin, const Checkpoint& saved, Journal& journal) {
    std::vector<Player> players;
    for (const auto& [player, config] : phase.players) players.emplace_back(player, config, parts_);
    const std::string prefix = "optimiser/" + name + "/";
    if (step_ > begin)
      for (Player& player : players) player.optimiser().restore(below(saved, prefix + player.name() + "/"));
    const bool exchange = any_term(phase, [](const Loss& loss) { return loss.knobs == Knobs::kExchanged; });
    Progress progress(name, double(step_ - begin) / phase.steps);
    const int64_t first = step_;
    const double started = now_seconds();
    for (const int64_t end = begin + phase.steps; step_ < end;) {
      std::map<std::string, torch::Tensor> terms;
      one_step(phase, players, exchange, step_ - begin, terms);
      ++step_;
      const double speed = double(step_ - first) / (now_seconds() - started);
      if (step_ % kJournalEvery == 0 || step_ == end) {
        std::map<std::string, double> numbers{{"steps_per_second", speed}};
        for (const auto& [term, value] : terms) numbers[term] = value.item<double>();
        journal.write(step_, name, numbers);
        char detail[96];
        std::snprintf(detail, sizeof detail, "step %lld of %lld  %.2f steps/s", (long long)(step_ - begin), (long long)phase.steps, speed);
        std::string shown = detail;
        for (const auto& [term, value] : numbers)
          for (const char* watched : {"/fullband_stft", "/mel_mse", "/exchange_consistency", "/adversarial_generator"})
            if (const size_t at = term.find(watched); at != std::string::npos) {
              std::snprintf(detail, sizeof detail, "  %s %.3f", watched + 1, value);
              shown += detail;
            }
        progress.update(double(step_ - begin) / phase.steps, shown);
      }
      const bool stop = interrupted(), saves = stop || step_ == end || step_ % config_.training.checkpoint_every == 0;
      if (saves && trains(phase, "encoder")) survey(name, journal);
      if (validation_ && (step_ % config_.training.validate_every == 0 || step_ == end)) validate(name, phase, exchange, players, prefix, journal);
      if (saves) save("last", players, prefix);
      if (step_ == end) save(name, players, prefix);
      if (stop && step_ < end) {
        progress.done(text("stopped at step ", step_, ", saved; go on with --resume"));
        return false;
      }
    }
    progress.done(text(phase.steps, " steps"));
    return true;
  }

  void one_step(const PhaseConfig& phase, std::vector<Player>& players, bool exchange, int64_t step, std::map<std::string, torch::Tensor>& terms) {
    // All chance of a step is a function of (seed, step): a resumed run needs no generator's state.
    Random random(config_.seed, step_);
    torch::manual_seed(random());
    const bool frozen = !trains(phase, "encoder");
    parts_.model->train();
    for (auto& [name, module] : parts_.list()) module->train();
    if (frozen) parts_.model->encoder().eval();
    const Batch batch = to_device(loader_->batch(step_), device_);
    const Outputs outputs = forward(*parts_.model, batch, {frozen, true, exchange, config_.training.feasible_exchanges}, settings_.controls, random);
    const LossInput input = inputs(batch, outputs);
    for (Player& player : players)
      if (player.plays(step)) player.step(input, step, terms);
  }

  void validate(const std::string& phase_name, const PhaseConfig& phase, bool exchange, std::vector<Player>& players, const std::string& prefix, Journal& journal) {
    const torch::NoGradGuard no_grad;
    parts_.model->eval();  // as a whole: then its noise is a stream's, the same at every validation
    for (auto& [name, module] : parts_.list()) module->eval();
    std::map<std::string, double> sums;
    for (int i = 0; i < config_.training.validation_batches; ++i) {
      Random random(config_.seed, i);
      const Batch batch = to_device(validation_->batch(i), device_);
      const Outputs outputs = forward(*parts_.model, batch, {true, false, exchange, config_.training.feasible_exchanges}, settings_.controls, random);
      const LossInput input = inputs(batch, outputs);
      for (const auto& [player, config] : phase.players)
        for (const auto& [name, weight] : config.minimises)
          sums["validation/" + name] += losses().at(name).term(input).item<double>() / config_.training.validation_batches;
    }
    journal.write(step_, phase_name, sums);
    for (const char* distance : {"validation/fullband_stft", "validation/mel_mse"})
      if (const auto found = sums.find(distance); found != sums.end() && found->second < best_) {
        best_ = found->second;
        save("best", players, prefix);
      }
  }

  void survey(const std::string& phase_name, Journal& journal) {
    const LatentSurvey found = survey_latents(*parts_.model, *survey_, kSurveyBatches, device_);
    space_ = found.space;
    journal.write(step_, phase_name, found.numbers);
    if (found.collapsed)
      log_warning(text("the latent tells ", found.numbers.at("latent/nats"), " nats a frame: the decoder plays all but without it; where that lasts, lower the weight of kl"));
  }

  LossInput inputs(const Batch& batch, const Outputs& outputs) const {
    return {batch, outputs, settings_, parts_.latent_discriminator.get(), parts_.waveform_discriminator.get()};
  }

  static bool trains(const PhaseConfig& phase, const std::string& part) {
    return std::any_of(phase.players.begin(), phase.players.end(), [&](const auto& player) {
      return std::find(player.second.trains.begin(), player.second.trains.end(), part) != player.second.trains.end();
    });
  }

  static std::map<std::string, torch::Tensor> below(const Checkpoint& checkpoint, const std::string& prefix) {
    std::map<std::string, torch::Tensor> out;
    for (const auto& [name, tensor] : checkpoint.tensors)
      if (name.rfind(prefix, 0) == 0) out[name.substr(prefix.size())] = tensor;
    return out;
  }

  void save(const std::string& name, std::vector<Player>& players, const std::string& prefix) {
    Checkpoint c;
    c.texts = {{"version", "1"},
               {"config", config::dump(config_)},
               {"scales", config::dump(Scales{settings_.scales})},
               {"graph", hex(parts_.model->graphs().hash())},
               {"step", text(step_)},
               {"best", config::print(best_)}};
    store(*parts_.model, "model", c);
    store(space_, c);
    if (parts_.latent_discriminator) store(*parts_.latent_discriminator, "latent_discriminator", c);
    if (parts_.waveform_discriminator) store(*parts_.waveform_discriminator, "waveform_discriminator", c);
    for (Player& player : players)
      for (const auto& [key, tensor] : player.optimiser().state()) c.tensors[prefix + player.name() + "/" + key] = tensor;
    write_checkpoint(checkpoint_path(name), c);
  }

  void restore_parts(const Checkpoint& saved) {
    const std::string graph = hex(parts_.model->graphs().hash());
    if (saved.texts.count("graph") && saved.texts.at("graph") != graph)
      fail(checkpoint_path("last").string(), ": holds graph ", saved.texts.at("graph"), ", but the config describes ", graph,
           "; resume with the config it was trained with");
    restore(*parts_.model, "model", saved);
    space_ = load_latent_space(saved, parts_.model->graphs().latent_size);
    // A judge of a phase that has since been added is not in it, and begins as it would have begun then.
    const auto restore_judge = [&](auto& judge, const char* name) {
      if (judge && !below(saved, text(name, "/")).empty()) restore(*judge, name, saved);
    };
    restore_judge(parts_.latent_discriminator, "latent_discriminator");
    restore_judge(parts_.waveform_discriminator, "waveform_discriminator");
    step_ = std::stoll(saved.texts.at("step"));
    config::parse(saved.texts.at("best"), best_);
    settings_.scales = config::read<Scales>(config::parse_text(saved.texts.at("scales"), "scales of the checkpoint")).scales;
  }

  RunConfig config_;
  fs::path folder_;
  torch::Device device_;
  Dataset data_;
  Parts parts_;
  LossSettings settings_;
  std::unique_ptr<Loader> loader_, validation_, survey_;
  LatentSpace space_;
  int64_t step_ = 0;
  double best_ = 1e300;
};

}  // namespace

void train(const RunConfig& config, const fs::path& folder, bool resume) {
  watch_interrupts();
  if (!resume && fs::exists(folder / "checkpoints" / "last.safetensors"))
    fail(folder.string(), ": holds a trained run already; go on with --resume, or name another folder with --run");
  Training training(config, folder);
  write_file(folder / "config.yaml", config::dump(config));
  training.run(resume);
}

}  // namespace nr
