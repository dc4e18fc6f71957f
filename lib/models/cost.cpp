#include "models/cost.h"

#include <cmath>
#include <cstdio>
#include <map>

#include "base/error.h"
#include "config/reader.h"
#include "graph/passes.h"
#include "models/model.h"
#include "models/note_cost.h"

namespace nr {
namespace {

int64_t classes_of(const WaeConfig& model, const config::Value& root) {
  std::map<std::string, std::vector<std::string>> classes;
  if (const config::Value* data = root.find("data"))
    if (const config::Value* given = data->find("classes")) config::Reader::read(*given, classes, "data.classes");
  int64_t out = 0;
  for (const std::string& label : model.conditions) out += int64_t(classes[label].size());
  return out;
}

// Where the model makes whole notes.
bool add_notes(const ModelConfig& model, const config::Value& root, Cost& cost) {
  const auto* wae = std::get_if<WaeConfig>(&model);
  const auto* vocoder = std::get_if<VocoderConfig>(&model);
  if (!wae && !vocoder) return false;
  const NoteCost encoder = wae ? encoder_cost(*wae, cost.sample_rate) : NoteCost{},
                 decoder = wae ? decoder_cost(*wae, classes_of(*wae, root), cost.sample_rate)
                               : vocoder_cost(*vocoder, cost.sample_rate);
  cost.encoder = encoder.parameters, cost.decoder = decoder.parameters;
  cost.encoder_macs = encoder.macs / decoder.seconds, cost.decoder_macs = decoder.macs / decoder.seconds;
  cost.hop = cost.latency = int(std::lround(decoder.seconds * cost.sample_rate));
  cost.receptive_field = cost.hop;
  cost.notes.push_back(on_a_daisy(wae ? "decoder" : vocoder->network, decoder));
  if (wae)
    cost.notes.push_back(text("its sound by ", wae->griffin_lim, " rounds of Griffin-Lim: another ",
                              std::round(griffin_lim_macs(*wae) / 1e6), " million MACs in transforms"));
  return true;
}

}  // namespace

Cost cost_of(const config::Value& root) {
  const config::Value* section = root.find("model");
  if (!section) fail(root.where(), "there is no model to measure: expected a table of fields");
  ModelConfig any;
  config::Reader::read(*section, any, "model");
  Cost cost;
  if (const config::Value* data = root.find("data"))
    if (const config::Value* rate = data->find("sample_rate")) {
      config::Reader::read(*rate, cost.sample_rate, "data.sample_rate");
      if (cost.sample_rate < 1) fail(rate->where(), "data.sample_rate: ", cost.sample_rate, " must be at least 1");
    }
  if (add_notes(any, root, cost)) return cost;
  const AutoencoderConfig model = autoencoder_of(any);
  std::vector<std::string> controls;
  if (const config::Value* descriptors = root.find("descriptors"))
    if (const config::Value* names = descriptors->find("controls"))
      config::Reader::read(*names, controls, "descriptors.controls");

  if (const auto* mel = std::get_if<MelVaeConfig>(&model)) {
    const Measure encoder = measure_encoder(*mel), decoder = measure_decoder(*mel, int(controls.size()));
    cost.encoder = encoder.parameters, cost.decoder = decoder.parameters;
    cost.encoder_macs = encoder.macs_per_sample * cost.sample_rate;
    cost.decoder_macs = decoder.macs_per_sample * cost.sample_rate;
    cost.hop = cost.latency = cost.receptive_field = encoder.hop;
    return cost;
  }
  const ModelGraphs graphs = describe(model, {controls, cost.sample_rate});
  std::vector<std::string> statistics{"mean"};
  if (nr::statistics(latent_of(model)) == 2) statistics.push_back("scale");
  const Measure encoder = measure(prune(graphs.encoder, statistics)), decoder = measure(graphs.decoder),
                whole = measure(graphs.whole);
  const double analysis = measure(prune(graphs.encoder, {"bands"})).macs_per_sample;
  const double synthesis = measure(graphs.synthesis).macs_per_sample;
  cost.encoder = encoder.training_parameters, cost.decoder = decoder.training_parameters;
  cost.encoder_macs = (encoder.macs_per_sample - analysis) * cost.sample_rate;
  cost.decoder_macs = (decoder.macs_per_sample - synthesis) * cost.sample_rate;
  cost.filter_bank_macs = (analysis + synthesis) * cost.sample_rate;
  cost.hop = graphs.hop, cost.latency = graphs.delay + whole.latency + whole.hop;
  cost.receptive_field = whole.receptive_field, cost.layers = layers(graphs.whole);
  return cost;
}

std::string to_table(const std::vector<std::pair<std::string, Cost>>& rows) {
  std::string out =
      "| config | encoder, M | decoder, M | encoder, MMAC/s | decoder, MMAC/s | filter bank, MMAC/s | rate, Hz | hop | "
      "latency, ms | receptive field, ms |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const auto& [name, c] : rows) {
    char line[256];
    const double ms = 1000.0 / c.sample_rate;
    std::snprintf(line, sizeof line, " %.3f | %.3f | %.1f | %.1f | %.1f | %d | %d | %.1f | %.0f |\n", c.encoder / 1e6,
                  c.decoder / 1e6, c.encoder_macs / 1e6, c.decoder_macs / 1e6, c.filter_bank_macs / 1e6, c.sample_rate,
                  c.hop, c.latency * ms, double(c.receptive_field) * ms);
    out += "| " + name + " |" + line;
  }
  return out;
}

std::string layer_table(const std::vector<LayerCost>& layers) {
  std::string out =
      "| layer | operation | channels | hop | parameters | MACs a sample |\n|---|---|---|---:|---:|---:|\n";
  for (const LayerCost& l : layers) {
    char cost[80];
    const auto parameters = static_cast<long long>(l.parameters);
    std::snprintf(cost, sizeof cost, "%d | %lld | %.4g", l.hop, parameters, l.macs_per_sample);
    out += "| " + l.name + " | " + l.operation + " | " + l.shape + " | " + cost + " |\n";
  }
  return out;
}

}  // namespace nr
