#include "nn/checkpoint.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "config/locate.h"
#include "config/renamed.h"
#include "config/writer.h"
#include "models/note_cost.h"
#include "nn/device.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

NamedTensors tensors_of(const torch::nn::Module& module, const std::string& prefix) {
  NamedTensors out;
  for (const auto& item : module.named_parameters()) out.emplace_back(prefix + "/" + item.key(), item.value());
  for (const auto& item : module.named_buffers()) out.emplace_back(prefix + "/" + item.key(), item.value());
  return out;
}

}  // namespace

void store(const torch::nn::Module& module, const std::string& prefix, Checkpoint& checkpoint) {
  for (const auto& [name, tensor] : tensors_of(module, prefix))
    checkpoint.tensors[name] = tensor.detach().to(torch::kCPU, false, true);
}

void restore(torch::nn::Module& module, const std::string& prefix, const Checkpoint& checkpoint) {
  const NamedTensors wanted = tensors_of(module, prefix);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : wanted) {
    names.push_back(name);
    const auto found = checkpoint.tensors.find(name);
    if (found == checkpoint.tensors.end()) fail(checkpoint.name, ": holds no tensor '", name, "'");
    if (found->second.sizes() != tensor.sizes())
      fail(checkpoint.name, ": tensor '", name, "' has shape ", shape_text(found->second.sizes()), ", expected ",
           shape_text(tensor.sizes()));
    if (found->second.scalar_type() != tensor.scalar_type())
      fail(checkpoint.name, ": tensor '", name, "' is of ", found->second.dtype().name(), ", expected ",
           tensor.dtype().name());
  }
  std::sort(names.begin(), names.end());
  for (const auto& [name, tensor] : checkpoint.tensors)
    if (name.rfind(prefix + "/", 0) == 0 && !std::binary_search(names.begin(), names.end(), name))
      fail(checkpoint.name, ": tensor '", name, "' has no place in this network");
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : wanted) torch::Tensor(tensor).copy_(checkpoint.tensors.at(name));
}

const std::string& text_of(const Checkpoint& checkpoint, const std::string& key) {
  const auto found = checkpoint.texts.find(key);
  if (found == checkpoint.texts.end())
    fail(checkpoint.name, ": holds no '", key, "': not a checkpoint that `train` wrote");
  return found->second;
}

fs::path find_checkpoint(const fs::path& run_or_file) {
  if (!fs::exists(run_or_file)) fail(run_or_file.string(), ": no such run folder or checkpoint");
  if (!fs::is_directory(run_or_file)) return run_or_file;
  const fs::path folder = run_or_file / "checkpoints";
  if (fs::exists(folder / "last.safetensors")) return folder / "last.safetensors";
  fs::path newest;  // of a run that was killed before its first `last`
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".safetensors" &&
          (newest.empty() || fs::last_write_time(entry) > fs::last_write_time(newest)))
        newest = entry.path();
  if (!newest.empty()) return newest;
  fail("no checkpoint in ", folder.string(), ": train first");
}

RunConfig run_config_of(const Checkpoint& checkpoint) {
  config::Value root = config::parse_text(text_of(checkpoint, "config"), checkpoint.name + " (config)");
  config::upgrade(root);
  const bool prior = config::locate(root, "model.type").scalar == PriorConfig::kType;
  for (const char* section : {"data", "descriptors", "model"})
    if (!prior && !root.find(section))
      fail(checkpoint.name, " (config): holds no '", section, "': not a config that `train` wrote");
  return config::read<RunConfig>(root);
}

std::vector<Scale> scales_of(const Checkpoint& checkpoint) {
  return config::read<Scales>(config::parse_text(text_of(checkpoint, "scales"), checkpoint.name + " (scales)")).scales;
}

int64_t step_of(const Checkpoint& checkpoint) {
  int64_t step = 0;
  const std::string& found = text_of(checkpoint, "step");
  if (!config::parse(found, step)) fail(checkpoint.name, ": its step '", found, "' is no number");
  return step;
}

void check_fingerprint(const Checkpoint& checkpoint, const std::string& described) {
  const std::string& stored = text_of(checkpoint, "graph");
  if (stored != described)
    fail(checkpoint.name, ": holds weights of the graph ", stored, ", but its config describes ", described,
         ": config and weights do not belong together");
}

TrainedModel load_model(const fs::path& run_or_file) {
  choose_device("cpu");
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run_or_file));
  TrainedModel out;
  out.config = run_config_of(checkpoint);
  if (const auto* prior = std::get_if<PriorConfig>(&out.config.model))
    fail(checkpoint.name,
         ": holds a prior, which `generate` plays; expected a model, such as the one it was trained on, ", prior->run);
  if (const auto* wae = std::get_if<WaeConfig>(&out.config.model)) {
    int64_t classes = 0;
    for (const std::string& label : wae->conditions) classes += int64_t(out.config.data.classes[label].size());
    fail(checkpoint.name, ": makes whole notes and does not stream; `play` and `generate` take it. ",
         on_a_daisy("Decoder", decoder_cost(*wae, classes, out.config.data.sample_rate)));
  }
  const AutoencoderConfig model = autoencoder_of(out.config.model);
  out.scales = scales_of(checkpoint);
  const auto& controls = out.config.descriptors.controls;
  if (out.scales.size() != controls.size())
    fail(checkpoint.name, ": holds ", out.scales.size(), " scales for ", controls.size(), " controls");
  out.step = step_of(checkpoint);
  const auto text_if_there = [&](const std::string& key) {
    const auto found = checkpoint.texts.find(key);
    return found == checkpoint.texts.end() ? std::string() : found->second;
  };
  out.data = text_if_there("data"), out.splits = text_if_there("splits");
  // Compared as plain data, before LibTorch allocates what a damaged config may ask for.
  const ControlInputs inputs(controls, out.config.data.sample_rate);
  check_fingerprint(checkpoint, hex(describe(model, inputs).hash()));
  out.model = std::make_shared<Autoencoder>(model, inputs);
  restore(*out.model, "model", checkpoint);
  out.model->eval();
  out.space = load_latent_space(checkpoint, out.model->graphs().latent_size);
  return out;
}

TrainedModel load_stream(const fs::path& run_or_file) {
  TrainedModel out = load_model(run_or_file);
  if (!out.model->graphs().stream())
    fail(run_or_file.string(), ": a model of type ", type_of(out.config.model),
         " makes whole notes and does not stream; export and priors need a rave or rave_v2");
  return out;
}

}  // namespace nr
