#include "models/model.h"

#include <type_traits>

#include "base/error.h"
#include "graph/passes.h"

namespace nr {
namespace {

template <class Config>
Wire decode_with(Graph& g, const Config& c, Wire latent, const ControlInputs& controls) {
  if (!controls.count) return decode(g, c, {latent, {}, {}});
  const Wire curves = g.input("controls", controls.count, hop(c));
  DecoderWires in{g.concat(latent, curves), curves, {}};
  if (c.excitation.bins)
    in.source = {g.slice(curves, controls.pitch, 1), g.slice(curves, controls.periodicity, 1), controls.sample_rate};
  return decode(g, c, in);
}

void check_source(const BandsConfig& c, const ControlInputs& controls) {
  if (c.excitation.bins == 0) return;
  if (controls.pitch < 0 || controls.periodicity < 0)
    fail("model.excitation plays at a pitch: it needs pitch and periodicity among descriptors.controls");
  if (controls.sample_rate < 1) fail("model.excitation needs data.sample_rate");
}

template <class Config>
Graph encoder_of(const Config& c, int components) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const PosteriorWires z = encode(g, c, bands);
  g.output("bands", bands);
  g.output("mean", components ? g.conv("latent/components", z.mean, {components, 1}) : z.mean);
  if (z.scale.id >= 0) g.output("scale", z.scale);
  return g;
}

template <class Config>
Graph decoder_of(const Config& c, const ControlInputs& controls, int components) {
  Graph g;
  Wire latent = g.input("latent", components ? components : c.latent_size, hop(c));
  if (components) latent = g.conv("latent/basis", latent, {c.latent_size, 1});
  const Wire bands = decode_with(g, c, latent, controls);
  g.output("bands", bands);
  g.output("audio", synthesise_bands(g, c, bands));
  return g;
}

template <class Config>
Graph whole_of(const Config& c, const ControlInputs& controls) {
  Graph g;
  const Wire bands = analyse_bands(g, c, g.input("audio", 1, 1));
  const Wire mean = encode(g, c, bands).mean;
  g.output("audio", synthesise_bands(g, c, decode_with(g, c, mean, controls)));
  return prune(g, {"audio"});
}

Graph synthesis_of(const BandsConfig& c) {
  Graph g;
  g.output("audio", synthesise_bands(g, c, g.input("bands", c.bands, c.bands)));
  return g;
}

ModelGraphs graphs_of(const MelVaeConfig& c, const ControlInputs& controls, int) {
  ModelGraphs out;
  out.hop = hop(c), out.latent_size = c.latent_size, out.inputs = controls, out.controls = controls.count;
  out.network = hash(c, controls.count);
  return out;
}

template <class Config>
ModelGraphs graphs_of(const Config& c, const ControlInputs& controls, int components) {
  check_source(c, controls);
  ModelGraphs out;
  out.hop = hop(c), out.delay = delay(c), out.latent_size = c.latent_size;
  out.inputs = controls, out.controls = controls.count;
  out.encoder = encoder_of(c, components), out.decoder = decoder_of(c, controls, components);
  out.synthesis = synthesis_of(c), out.whole = whole_of(c, controls);
  return out;
}

}  // namespace

const char* type_of(const ModelConfig& config) {
  return std::visit([](const auto& c) { return c.kType; }, config);
}

const char* type_of(const AutoencoderConfig& config) {
  return std::visit([](const auto& c) { return c.kType; }, config);
}

AutoencoderConfig autoencoder_of(const ModelConfig& config) {
  return std::visit(
      [](const auto& c) -> AutoencoderConfig {
        if constexpr (std::is_constructible_v<AutoencoderConfig, decltype(c)>)
          return c;
        else
          fail("a model of type ", c.kType, " is not an autoencoder; expected rave, rave_v2 or mel_vae");
      },
      config);
}

ControlInputs::ControlInputs(const std::vector<std::string>& controls, int rate)
    : count(int(controls.size())), sample_rate(rate) {
  for (int i = 0; i < count; ++i) {
    if (controls[i] == "pitch") pitch = i;
    if (controls[i] == "periodicity") periodicity = i;
  }
}

bool has_excitation(const ModelConfig& config) {
  return std::visit(
      [](const auto& c) {
        if constexpr (std::is_base_of_v<BandsConfig, std::decay_t<decltype(c)>>)
          return c.excitation.bins > 0;
        else
          return false;
      },
      config);
}

ModelGraphs describe(const AutoencoderConfig& config, const ControlInputs& controls, int components) {
  return std::visit([&](const auto& c) { return graphs_of(c, controls, components); }, config);
}

int hop(const AutoencoderConfig& config) {
  return std::visit([](const auto& c) { return hop(c); }, config);
}

const LatentConfig& latent_of(const AutoencoderConfig& config) {
  return std::visit([](const auto& c) -> const LatentConfig& { return c.latent; }, config);
}

Measure measure(const AutoencoderConfig& config, const ControlInputs& controls) {
  const auto* mel = std::get_if<MelVaeConfig>(&config);
  return mel ? measure(*mel, controls.count) : measure(describe(config, controls).whole);
}

}  // namespace nr
