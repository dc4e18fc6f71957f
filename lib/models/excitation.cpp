#include "models/excitation.h"

namespace nr {

Wire noise_input(Graph& g, int bands, int hop) {
  for (const Port& port : g.inputs())
    if (port.name == "noise") return {port.id};
  return g.input("noise", bands, hop);
}

Wire shape_excitation(Graph& g, const ExcitationConfig& c, bool causal, Wire pulses, Wire x) {
  const std::string here = "decoder/excitation/";
  const auto layer = [&](const std::string& what, Wire from, int channels, int kernel) {
    return g.conv(here + what, from, ConvSpec(channels, kernel).causal_if(causal));
  };
  const auto plain = [&](const std::string& what, Wire from, int channels, int kernel) {
    return g.conv(here + what, from, ConvSpec(channels, kernel).causal_if(causal).without_bias());
  };
  const int bands = g[pulses].channels;
  Wire y = g.add(plain("pulses", pulses, c.channels, c.kernel),
                 plain("noise", noise_input(g, bands, g[pulses].hop), c.channels, c.kernel));
  // Gains that the decoder's features give, sample by sample at the bands' rate. Without biases or offsets the
  // excitation's silence stays silence.
  y = g.add(y, g.mul(y, layer("gain", x, c.channels, 3)));
  const Wire inner = plain("residual/a", g.leaky_relu(y), c.channels, 3);
  y = g.add(y, plain("residual/b", g.leaky_relu(inner), c.channels, 3));
  y = g.mul(y, g.sigmoid(layer("gate", x, c.channels, 3)));
  const Wire out = plain("bands", y, bands, c.kernel);
  return g.mul(out, g.mod_sigmoid(layer("loudness", x, bands, 3)));
}

}  // namespace nr
