// A batch's tensors as values.
#include "systems/system.h"
#include "systems/table.h"

namespace nr {

void add_batch(const Batch& batch, Values& values) {
  const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
    if (tensor.defined()) values.set("batch." + name, tensor);
  };
  add("audio", batch.audio), add("controls", batch.controls), add("classes", batch.classes),
      add("active", batch.active);
  for (const auto& [group, tensor] : batch.labels) add("labels." + group, tensor);
  add("parameters", batch.parameters), add("parameter_mask", batch.parameter_mask);
  add("tags", batch.tags), add("wet", batch.wet), add("gain", batch.gain), add("draws", batch.draws);
}

std::vector<ValueOffer> batch_values(const RunConfig& config) {
  const auto without = [](bool empty, const char* field) {
    return empty ? std::string(field) + ", which is empty" : "";
  };
  const std::string controls = without(config.descriptors.controls.empty(), "descriptors.controls");
  const bool pairs = config.data.pairs;
  const std::string parameters = pairs ? "" : without(config.data.parameters.empty(), "data.parameters");
  std::vector<ValueOffer> out{{"batch.audio", ""},
                              {"batch.active", ""},
                              {"batch.controls", controls},
                              {"batch.classes", controls},
                              {"batch.parameters", parameters},
                              {"batch.parameter_mask", parameters},
                              {"batch.tags", without(config.data.tags.empty(), "data.tags")},
                              {"batch.wet", pairs ? "" : without(config.data.wet.empty(), "data.wet")},
                              {"batch.gain", pairs ? "" : "data.pairs"},
                              {"batch.draws", without(config.data.augment.empty(), "data.augment")}};
  for (const std::string& group : config.data.labels) out.push_back({"batch.labels." + group, ""});
  return out;
}

}  // namespace nr
