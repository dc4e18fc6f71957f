#include "systems/wae.h"

#include <cstdio>

#include "base/hash.h"
#include "base/names.h"
#include "config/writer.h"
#include "nn/checkpoint.h"
#include "nn/discriminators.h"
#include "nn/parameter_count.h"
#include "systems/table.h"
#include "systems/whole_notes.h"

namespace nr {
namespace {

constexpr int kMeasuredBatches = 8;  // of training, for the spectrogram's normalisation
constexpr const char* kVocoderText = "vocoder";  // of a checkpoint: the networks of that part

// What the encoder's and the decoder's weights fit.
struct WaeNetworks : WaeConfig {
  template <class V>
  void fields(V& v) {
    network_fields(v);
  }
};

}  // namespace

WaeSystem::WaeSystem(const RunConfig& config, std::shared_ptr<Vocoder> vocoder)
    : config_(config), model_(std::get<WaeConfig>(config.model)), vocoder_(std::move(vocoder)) {
  torch::manual_seed(uint64_t(config.seed));
  std::vector<int64_t> sizes;
  for (const std::string& label : model_.conditions) {
    groups_.push_back({label, config.data.classes.at(label), classes_});
    sizes.push_back(int64_t(groups_.back().classes.size()));
    classes_ += sizes.back();
  }
  encoder_ = std::make_shared<WaeEncoder>(model_, config.data.sample_rate);
  decoder_ = std::make_shared<WaeDecoder>(model_, classes_);
  parts_ = {{"encoder", encoder_}, {"decoder", decoder_}};
  const std::vector<std::string> read = parts_read(config);
  if (contains(read, "latent_discriminator"))
    parts_.push_back({"latent_discriminator",
                      std::make_shared<LatentDiscriminator>(config.training.latent_discriminator, model_.latent_size, 1,
                                                            int(config.data.classes.at(model_.faded).size()))});
  if (contains(read, "classifier"))
    parts_.push_back({"classifier", std::make_shared<NoteClassifier>(model_, sizes)});
  if (vocoder_) parts_.push_back({"vocoder", vocoder_});
  settings_.mmd = config.training.mmd;
  settings_.stft_sizes = config.training.stft_sizes;
  settings_.sample_rate = config.data.sample_rate;
}

DataNeeds WaeSystem::needs() const {
  DataNeeds out{config_.data, config_.descriptors, config_.data.segment, {}, {}};
  out.whole = true;
  return out;
}

void WaeSystem::begin(Loader& loader) {
  std::vector<torch::Tensor> audio;
  for (int i = 0; i < kMeasuredBatches; ++i) audio.push_back(loader.batch(i).audio.to(device_));
  encoder_->spectrogram->measure(torch::cat(audio));
}

void WaeSystem::set_mode(const std::set<std::string>& learning) {
  samples_ = !learning.empty(), encoder_learns_ = learning.count("encoder") > 0;
  for (const Part& part : parts_) part.module->train(learning.count(part.name) > 0);
  // It normalises by the batch in every pass of training, so that encoder and discriminator see the same guesses.
  for (const Part& part : parts_)
    if (part.name == "latent_discriminator") part.module->train(samples_);
}

torch::Tensor WaeSystem::condition_of(const std::map<std::string, torch::Tensor>& labels, int64_t n) const {
  std::vector<torch::Tensor> out;
  for (const ConditionGroup& group : groups_) out.push_back(labels.at(group.label));
  return out.empty() ? torch::zeros({n, 0}) : torch::cat(out, 1);
}

void WaeSystem::produce(const Batch& batch, Random&, Values& values) {
  add_batch(batch, values);
  values.set("condition", condition_of(batch.labels, batch.audio.size(0)));
  if (!model_.faded.empty())
    values.set("batch.classes", batch.labels.at(model_.faded).argmax(1).reshape({-1, 1, 1}));
  values.add({"target.mel"}, [this, audio = batch.audio] {
    const torch::NoGradGuard no_grad;
    return std::vector<torch::Tensor>{encoder_->spectrogram->forward(audio)};
  });
  const NoteLatent latent{[this, &values] { return encoder_->features(values["target.mel"]); }, encoder_->mean,
                          encoder_->scale, encoder_learns_, samples_};
  latent.add_posterior(values);
  latent.add_latent(values);
  values.add({"decoded.mel"}, [this, &values] {
    return std::vector<torch::Tensor>{decoder_->forward(values["latent"].squeeze(2), values["condition"])};
  });
  values.add({"exchanged.condition", "exchanged.mel"}, [this, &values] {
    const auto& own = values["condition"];
    const auto donors = torch::randperm(own.size(0), own.options().dtype(torch::kLong));
    const auto asked = own.index_select(0, donors);
    return std::vector<torch::Tensor>{asked, decoder_->forward(values["latent"].detach().squeeze(2), asked)};
  });
  if (!vocoder_) return;
  values.set("target.audio", batch.audio);
  values.add({"decoded.audio"}, [this, &values, audio = batch.audio] {
    const NoteSpectrogram& spectrogram = *encoder_->spectrogram;
    return std::vector<torch::Tensor>{
        vocoder_->forward(spectrogram.linear(values["decoded.mel"], spectrogram.levels(audio)))};
  });
}

torch::Tensor WaeSystem::encode(const torch::Tensor& spectrogram) {
  const torch::NoGradGuard no_grad;
  return encoder_->mean->forward(encoder_->features(spectrogram));
}

torch::Tensor WaeSystem::decode(const torch::Tensor& latent, const torch::Tensor& condition) {
  const torch::NoGradGuard no_grad;
  return decoder_->forward(latent, condition);
}

torch::Tensor WaeSystem::sound(const torch::Tensor& seen) {
  const torch::NoGradGuard no_grad;
  return vocoder_ ? vocoder_->forward(spectrogram().linear(seen)) : spectrogram().sound(seen, model_.griffin_lim);
}

std::vector<std::string> WaeSystem::shown() const { return {"mel_mse", "mmd", "spectral_convergence"}; }

std::vector<std::string> WaeSystem::describe() const {
  std::string conditions;
  for (const ConditionGroup& group : groups_)
    conditions += text(conditions.empty() ? "" : ", ", group.label, " (", group.classes.size(), ")");
  char millions[40];
  std::snprintf(millions, sizeof millions, "%.3f M weights", double(count_parameters(parts_)) / 1e6);
  return {text("notes of ", model_.mels, " x ", model_.frames, ", latent of ", model_.latent_size, ", conditions: ",
               conditions.empty() ? "none" : conditions,
               model_.faded.empty() ? "" : ", hidden from the latent: " + model_.faded, "; ", millions)};
}

std::string WaeSystem::fingerprint() const {
  WaeNetworks networks{model_};
  networks.griffin_lim = 1;  // no weights
  std::string classes;
  for (const ConditionGroup& group : groups_) classes += group.label + ": " + join(group.classes) + "\n";
  return hex(hash64(classes + config::dump(networks) + (vocoder_ ? config::dump(vocoder_->config()) : "")));
}

void WaeSystem::store(Checkpoint& checkpoint) const {
  for (const Part& part : parts_) nr::store(*part.module, part.name, checkpoint);
  if (vocoder_) checkpoint.texts[kVocoderText] = config::dump(vocoder_->config());
}

// A part of a phase that has since been added is not in the checkpoint. It begins as it would have begun.
void WaeSystem::restore(const Checkpoint& checkpoint) {
  for (const Part& part : parts_)
    if (part.name == "encoder" || part.name == "decoder" || !below(checkpoint, part.name + "/").empty())
      nr::restore(*part.module, part.name, checkpoint);
}

std::unique_ptr<WaeSystem> load_wae(const Checkpoint& checkpoint) {
  const RunConfig config = run_config_of(checkpoint);
  if (!std::holds_alternative<WaeConfig>(config.model))
    fail(checkpoint.name, ": holds a model of type ", type_of(config.model), ", expected ", WaeConfig::kType);
  std::shared_ptr<Vocoder> vocoder;
  if (const auto found = checkpoint.texts.find(kVocoderText); found != checkpoint.texts.end())
    vocoder = make_vocoder(config::read<VocoderConfig>(
        config::parse_text(found->second, checkpoint.name + " (" + kVocoderText + ")")));
  auto out = std::make_unique<WaeSystem>(config, vocoder);
  check_fingerprint(checkpoint, out->fingerprint());
  out->restore(checkpoint);
  out->set_mode({});
  return out;
}

}  // namespace nr
