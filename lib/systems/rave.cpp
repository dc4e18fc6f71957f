// RAVE and its family: waveforms through a filter bank, controls, latent and waveform discriminators.
#include <torch/torch.h>

#include <set>

#include "base/names.h"
#include "export/runtime/pulses.h"
#include "graph/passes.h"
#include "losses/descriptors.h"
#include "nn/graph_module.h"
#include "systems/autoencoder.h"
#include "systems/exchange.h"

namespace nr {
namespace {

using Tensors = std::vector<torch::Tensor>;

class RaveSystem : public AutoencoderSystem {
 public:
  explicit RaveSystem(const RunConfig& config) : AutoencoderSystem(config) {
    if (config.data.pairs) analysis_ = std::make_shared<GraphModule>(prune(model_->graphs().encoder, {"bands"}));
  }

  void set_scales(const std::vector<Scale>& scales) override {
    AutoencoderSystem::set_scales(scales);
    if (analysis_) analysis_->to(device_);
  }

  void produce(const Batch& batch, Random& random, Values& values) override {
    produce_latent(batch, analysis_ ? "dry.bands" : "target.bands", values);
    if (analysis_)  // an effect is learned: the dry sound is encoded, the wet one decoded
      values.add({"target.bands"}, [this, wet = batch.wet] {
        const torch::NoGradGuard no_grad;
        return Tensors{analysis_->run({{"audio", wet}})["bands"]};
      });
    // The loss asks for nothing that the decoder's last layer, the filter bank, cannot produce; its delay cancels.
    values.add({"target.audio"}, [this, &values] {
      const torch::NoGradGuard no_grad;
      return Tensors{model_->synthesise(values["target.bands"])};
    });
    values.add({"decoded.bands", "decoded.audio"}, [this, &values, controls = batch.controls] {
      const auto decoded = model_->decode(values["latent"], controls);
      return Tensors{decoded.bands, decoded.audio};
    });
    add_measured(values, measuring_, "decoded", "batch.controls");
    if (!batch.controls.defined()) return;
    values.add({"exchanged.controls", "exchanged.active"}, [this, batch, &random] {
      // Of a pitch that is played, other pitches are heard too; a pitch that is learned has only those of the clips.
      const double octave = has_excitation(config_.model) ? 2.0 / kPitchOctaves : 0;
      const Exchange asked = exchange_controls(
          batch, config_.descriptors.controls,
          {config_.training.feasible_exchanges, config_.training.transpose * octave}, random);
      return Tensors{asked.controls, asked.active};
    });
    values.add({"exchanged.audio"}, [this, &values] {
      const torch::Tensor& asked = values["exchanged.controls"];
      return Tensors{model_->decode(values["latent"].narrow(0, 0, asked.size(0)), asked).audio};
    });
    add_measured(values, measuring_, "exchanged", "exchanged.controls");
  }

  const char* selected_by() const override { return "fullband_stft"; }
  std::vector<std::string> validated() const override { return {"out_of_tune"}; }
  std::vector<std::string> shown() const override {
    return {"fullband_stft", "exchange_consistency", "adversarial_generator"};
  }

 private:
  std::shared_ptr<GraphModule> analysis_;  // of data.pairs: the filter bank, of the wet sound
};

void check_discriminators(const WaveformDiscriminatorConfig& c, int segment, const config::Located& at) {
  const std::string here = "training.waveform_discriminator";
  if (c.scales == 0 && c.periods.empty() && c.stft_sizes.empty())
    at.fail(here,
            " has no sub-discriminator: scales is 0, periods and stft_sizes are empty; it needs at least one of them");
  if (c.scales > 0 && c.design == "rave_v1" && c.capacity % 4)
    at.fail(here + ".capacity", ": ", c.capacity, " must be a multiple of 4, the channels of a group");
  for (const auto& [field, list] : {std::pair{".periods", c.periods}, {".stft_sizes", c.stft_sizes}})
    if (std::set<int>(list.begin(), list.end()).size() < list.size()) at.fail(here + field, ": a number stands twice");
  for (const int size : c.stft_sizes) {
    if (size / 2 >= segment)
      at.fail(here + ".stft_sizes", ": ", size, " must be less than twice data.segment (", segment, ")");
    int from = 0;
    for (const double cut : c.stft_bands) {
      const int to = int(cut * (size / 2 + 1));
      if (to <= from || to > size / 2)
        at.fail(here + ".stft_bands", ": must rise, with a bin of each STFT between, but ", cut, " is bin ", to, " of ",
                size / 2, " after bin ", from);
      from = to;
    }
  }
}

std::vector<ValueOffer> rave_values(const RunConfig& config) {
  const std::vector<std::string>& controls = config.descriptors.controls;
  const std::string none = controls.empty() ? "descriptors.controls, which is empty" : "";
  std::string measurable = none, pitched = none;
  if (none.empty() && differentiable(controls).empty())
    measurable = text(join(differentiable_descriptors(), " or "), " among descriptors.controls (", join(controls), ")");
  if (none.empty() && std::find(controls.begin(), controls.end(), "pitch") == controls.end())
    pitched = text("pitch among descriptors.controls (", join(controls), ")");
  std::vector<ValueOffer> out = latent_values(config);
  for (const char* name : {"target.bands", "target.audio", "decoded.bands", "decoded.audio"}) out.push_back({name, ""});
  for (const char* name : {"exchanged.controls", "exchanged.active", "exchanged.audio"}) out.push_back({name, none});
  for (const std::string sound : {"decoded", "exchanged"}) {
    out.push_back({sound + ".descriptors", measurable});
    out.push_back({sound + ".aperiodicity", pitched});
  }
  return out;
}

void check_rave(const RunConfig& config, const config::Located& at) {
  check_autoencoder(config, 4, at);
  check_discriminators(config.training.waveform_discriminator, config.data.segment, at);
}

std::unique_ptr<System> make_rave(const RunConfig& config, const std::filesystem::path&) {
  return std::make_unique<RaveSystem>(config);
}

}  // namespace

SystemKind rave_system(const char* type) {
  return {type,
          {{"encoder", true}, {"decoder", true}, {"latent_discriminator"}, {"waveform_discriminator"}},
          rave_values,
          check_rave,
          make_rave};
}

}  // namespace nr
