#include "models/excitation.h"

#include "dsp/frame_filter.h"

namespace nr {

Wire noise_input(Graph& g, int bands, int hop) {
  for (const Port& port : g.inputs())
    if (port.name == "noise") return {port.id};
  return g.input("noise", bands, hop);
}

Wire shape_excitation(Graph& g, const ExcitationConfig& c, bool causal, Wire pulses, Wire x) {
  const int bands = g[pulses].channels;
  const std::vector<float> responses = design_frame_filter(c.bins);
  // Biases of the amplitudes' logits before training.
  constexpr double kFirstPulses = -2, kFirstNoise = -5;
  const auto filtered = [&](const std::string& name, Wire source, double first) {
    const ConvSpec layer = ConvSpec(bands * c.bins, 1).causal_if(causal).bias_from(first);
    const Wire amplitudes = g.mod_sigmoid(g.conv("decoder/excitation/" + name, x, layer));
    return g.frame_filter("decoder/excitation/" + name, amplitudes, source, responses);
  };
  return g.add(filtered("pulses", pulses, kFirstPulses),
               filtered("noise", noise_input(g, bands, g[pulses].hop), kFirstNoise));
}

}  // namespace nr
