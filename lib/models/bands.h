// What models over a filter bank share: its settings, the bank in a graph, and what follows from both.
#pragma once
#include <string>
#include <vector>

#include "config/checks.h"
#include "graph/graph.h"
#include "models/excitation.h"
#include "models/latent.h"
#include "models/limits.h"
#include "models/noise.h"

namespace nr {

struct BandsConfig {
  int bands = 16;
  double attenuation_db = 100;             // of the filter bank's stop band
  std::vector<int> ratios{4, 4, 4, 2};     // hop = bands * product
  int latent_size = 128;
  bool causal = true;                      // no look-ahead anywhere: the stream's latency is 0
  LatentConfig latent;
  int film = 0;                            // channels of the controls' path to every decoder scale; 0: no such path
  NoiseConfig noise;
  ExcitationConfig excitation;

  template <class V>
  void fields(V& v) {
    v("bands", bands, config::one_of({2, 4, 8, 16, 32}));
    v("attenuation_db", attenuation_db, config::between(40, 120));
    v("ratios", ratios, config::between(1, 16));
    v("latent_size", latent_size, config::between(1, kLargestLatent));
    v("causal", causal);
    v("latent", latent);
    v("film", film, config::between(0, 256));
    v("noise", noise);
    v("excitation", excitation);
  }
};

// What a decoder reads. latent: with the controls concatenated. Controls and source have no wires where a model has
// none.
struct DecoderWires {
  Wire latent, controls;
  ExcitationSource source;
};

struct PosteriorWires {
  Wire mean, scale;  // no scale: the latent is deterministic, and mean is the latent
};

int posterior_channels(const BandsConfig& config);  // of an encoder's last layer: mean and scale, or the latent alone
PosteriorWires posterior(Graph& g, const BandsConfig& config, Wire last);

// FiLM (Perez et al., arXiv:1709.07871): the controls scale and shift every channel, x (1 + gain) + bias, at every
// scale of a decoder. A path of transposed convolutions brings them to the rate of each scale.
class Film {
 public:
  Film(Graph& g, const BandsConfig& config, Wire controls);  // apply() changes nothing without a wire, or with film 0
  Wire apply(const std::string& stage, Wire x, int ratio);   // x: after the stage has raised the rate by ratio

 private:
  Graph& g_;
  int channels_;
  bool causal_;
  Wire path_;
};

Wire analyse_bands(Graph& g, const BandsConfig& config, Wire audio, const std::string& name = "pqmf/analysis");
Wire synthesise_bands(Graph& g, const BandsConfig& config, Wire bands);
// Bands from the source, shaped by the decoder's last features x.
Wire excite(Graph& g, const BandsConfig& config, const ExcitationSource& source, Wire x);
int hop(const BandsConfig& config);    // samples a latent frame; Error when there are too many or none
int delay(const BandsConfig& config);  // samples by which the offline network lags its input: the filter bank's
// Channels of every scale, fastest first: doubled at each ratio. Error when they get too many.
std::vector<int> doubled_widths(const BandsConfig& config, int capacity);

}  // namespace nr
