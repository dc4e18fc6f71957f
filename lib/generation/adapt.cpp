#include "generation/adapt.h"

#include <algorithm>
#include <cmath>

#include "audio/clip.h"
#include "base/files.h"
#include "base/log.h"
#include "base/names.h"
#include "config/writer.h"
#include "data/scan.h"
#include "deploy/sound.h"
#include "graph/passes.h"
#include "nn/graph_module.h"
#include "nn/moments.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kHeardAtOnce = 256;  // latent frames heard at once: bounds the memory, whatever the length

std::vector<GraphModule*> graphs_of(Autoencoder& model) {
  std::vector<GraphModule*> out;
  for (Network* part : {&model.encoder(), &model.decoder()})
    if (auto* graph = dynamic_cast<GraphModule*>(part)) out.push_back(graph);
  return out;
}

using Statistics = std::map<std::string, Moments>;  // by slot

struct Slots {
  std::map<std::string, GraphModule::Slot> all;

  explicit Slots(Autoencoder& model) {
    for (const GraphModule* part : graphs_of(model))
      for (size_t i = 0; i < part->graph().nodes().size(); ++i)
        if (part->graph().nodes()[i].op == NR_ADAIN) all[part->graph().nodes()[i].name] = part->slot(int(i));
  }

  void empty() const {
    for (const auto& [name, slot] : all) {
      for (torch::Tensor mean : {slot.source_mean, slot.target_mean}) mean.zero_();
      for (torch::Tensor deviation : {slot.source_deviation, slot.target_deviation}) deviation.fill_(1);
    }
  }

  void fill(const Statistics& source, const Statistics& target, AdaptReport& report) const {
    for (const auto& [name, slot] : all) {
      const Moments &from = source.at(name), &to = target.at(name);
      const torch::Tensor constant = from.constant() | to.constant();
      torch::Tensor(slot.source_mean).copy_(from.mean), torch::Tensor(slot.target_mean).copy_(to.mean);
      torch::Tensor(slot.source_deviation).copy_(from.deviation().masked_fill(constant, 1));
      torch::Tensor(slot.target_deviation).copy_(to.deviation().masked_fill(constant, 1));
      ++report.slots, report.channels += int(constant.size(0)), report.constant += constant.sum().item<int>();
    }
  }
};

// In blocks, each with as much before and after it as the model can see: the same as all at once.
void hear(Autoencoder& model, const TestSound& sound, Statistics& statistics) {
  const ModelGraphs& graphs = model.graphs();
  const int64_t hop = graphs.hop, frames = sound.audio.size(2) / hop,
                seen = measure(graphs.whole).receptive_field / hop + 1;
  for (int64_t frame = 0; frame < frames; frame += kHeardAtOnce) {
    const int64_t from = std::max<int64_t>(0, frame - seen), to = std::min(frames, frame + kHeardAtOnce + seen),
                  count = std::min(kHeardAtOnce, frames - frame);
    const auto listener = [&](const Node& n, const torch::Tensor& x) {
      const int64_t ratio = hop / n.hop;
      statistics[n.name].add(x.narrow(2, (frame - from) * ratio, count * ratio));
    };
    for (GraphModule* part : graphs_of(model)) part->listen(listener);
    const torch::Tensor latent = model.encode(sound.audio.narrow(2, from * hop, (to - from) * hop)).posterior.mean;
    model.decode(latent, sound.controls.defined() ? sound.controls.narrow(2, from, to - from) : sound.controls);
  }
  for (GraphModule* part : graphs_of(model)) part->listen({});
}

// At the model's rate, a whole number of latent frames. Error with the path when there is nothing to hear.
std::vector<float> read_recording(const Source& source, const TrainedModel& trained) {
  if (!source.problem.empty()) fail(source.shown(), ": ", source.problem);
  if (!source.record.empty()) fail(source.shown(), ": is a record of a RAVE data set, expected a recording");
  std::vector<float> samples = read_clip(source.path, trained.config.data.sample_rate).samples;
  const size_t hop = trained.model->graphs().hop;
  if (samples.size() < hop)
    fail(source.shown(), ": is too short (", samples.size(), " samples at ", trained.config.data.sample_rate,
         " Hz, a latent frame is ", hop, ")");
  samples.resize(samples.size() / hop * hop);
  const std::vector<bool> active = active_frames(
      analyse(samples, {"rms"},
              {trained.config.data.sample_rate, trained.config.descriptors.window, trained.config.descriptors.hop})[0]);
  if (std::find(active.begin(), active.end(), true) == active.end()) fail(source.shown(), ": is silent");
  return samples;
}

Statistics hear_all(const TrainedModel& trained, const std::string& name, const std::vector<std::string>& inputs,
                    AdaptReport::Side& side) {
  const Scan found = scan(inputs);
  if (found.sources.empty())
    fail(name, ": no recordings in ", join(inputs),
         found.other.empty() ? "" : " (there are: " + extensions_text(found.other) + ")");
  Statistics out;
  Progress progress(name);
  for (size_t i = 0; i < found.sources.size(); ++i) {
    std::vector<float> samples;
    try {
      samples = read_recording(found.sources[i], trained);
    } catch (const Error& error) {
      side.skipped.push_back(error.what());
      continue;
    }
    ++side.recordings, side.seconds += double(samples.size()) / trained.config.data.sample_rate;
    hear(*trained.model, make_test_sound(trained, std::move(samples)), out);
    progress.update(double(i + 1) / double(found.sources.size()));
  }
  if (!side.recordings)
    fail(name, ": none of ", found.sources.size(), " recordings can be used; the first: ", side.skipped[0]);
  progress.done(text(side.recordings, " recordings"));
  return out;
}

}  // namespace

AdaptReport adapt(const AdaptConfig& config) {
  const fs::path folder = config.out, checkpoint = folder / "checkpoints" / "last.safetensors";
  if (fs::exists(folder / "checkpoints")) fail(config.out, ": holds a run already; name another folder with --out");
  const torch::NoGradGuard no_grad;
  const TrainedModel trained = load_model(config.run);
  const Slots slots(*trained.model);
  if (slots.all.empty())
    fail(config.run,
         ": its model has no AdaIN slots; set model.adain: true, e.g. by configs/models/v3.yaml, and train it");
  slots.empty();
  AdaptReport report;
  report.out = config.out;
  const Statistics source = hear_all(trained, "source", config.source, report.source);
  slots.fill(source, hear_all(trained, "target", config.target, report.target), report);

  Checkpoint adapted = read_checkpoint(find_checkpoint(config.run));
  for (auto tensor = adapted.tensors.begin(); tensor != adapted.tensors.end();)
    tensor = tensor->first.rfind("latent_space/", 0) == 0 ? std::next(tensor) : adapted.tensors.erase(tensor);
  store(*trained.model, "model", adapted);
  write_file(folder / "config.yaml", config::dump(trained.config));
  write_checkpoint(checkpoint, adapted);
  return report;
}

std::string to_text(const AdaptReport& r) {
  std::string out =
      text("wrote      ", r.out, "\nslots      ", r.slots, ", of ", r.channels, " channels",
           r.constant ? text("; ", r.constant, " are constant on a side and keep deviation 1") : "", "\n");
  for (const auto& [name, side] : {std::pair{"source     ", &r.source}, {"target     ", &r.target}}) {
    out += text(name, side->recordings, " recordings, ", std::round(side->seconds * 10) / 10, " s\n");
    for (const std::string& line : side->skipped) out += text("skipped    ", line, "\n");
  }
  return out;
}

}  // namespace nr
