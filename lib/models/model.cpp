#include "models/model.h"

namespace nr {

ModelGraphs describe(const ModelConfig& config, int controls) {
  return std::visit(
      [&](const auto& c) {
        return ModelGraphs{describe_encoder(c), describe_decoder(c, controls), describe_synthesis(c), describe_whole(c, controls),
                           hop(c),              delay(c),                      c.latent_size,         controls};
      },
      config);
}

}  // namespace nr
