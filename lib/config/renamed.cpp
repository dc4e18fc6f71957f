#include "config/renamed.h"

#include <algorithm>

#include "base/error.h"
#include "base/names.h"

namespace nr::config {
namespace {

void rename_fields(Value& value, bool named_by_user) {
  for (Value& item : value.items) rename_fields(item, false);
  for (auto& [key, field] : value.fields) {
    if (!named_by_user)
      for (const Renamed& row : renamed())
        if (key == row.before && !*row.type && !value.find(row.now)) key = row.now;
    rename_fields(field, !named_by_user && (key == "phases" || key == "optimisers"));
  }
}

// A prior's `training` was a table of its own fields. Now some belong to its model and the others to its one phase.
void upgrade_prior_training(Value& root) {
  const Value* old = root.find("training");
  if (!old || old->find("phases")) return;
  Value training, phase, optimiser;
  optimiser["parts"] = parse_text("[prior]");
  optimiser["losses"] = parse_text("{nats: 1}");
  for (const auto& [key, value] : old->fields) {
    const bool of_model = key == "frames" || key == "measured_batches", of_optimiser = key == "lr" || key == "betas";
    (of_model ? root["model"] : of_optimiser ? optimiser : key == "steps" ? phase : training)[key] = value;
  }
  phase["optimisers"]["prior"] = optimiser;
  training["phases"]["prior"] = phase;
  root["training"] = training;
}

}  // namespace

const std::vector<Renamed>& renamed() {
  static const std::vector<Renamed> rows{
      {"players", "optimisers"}, {"minimises", "losses"},
      {"trains", "parts"},       {"turns", "offsets"},
      {"prior", "model", "prior"}, {"attribute_prediction", "fader_discriminator"},
  };
  return rows;
}

std::string hint_of_field(const std::string& name, const std::vector<std::string>& known) {
  for (const Renamed& row : renamed())
    if (name == row.before && std::find(known.begin(), known.end(), row.now) != known.end())
      return text(": it is called '", row.now, "' now", *row.type ? text(", with type: ", row.type) : "");
  return hint(name, known);
}

void upgrade(Value& root) {
  for (const Renamed& row : renamed()) {
    if (!*row.type || root.find(row.now)) continue;
    for (auto& [key, section] : root.fields) {
      if (key != row.before || section.kind != Value::Kind::kMap) continue;
      key = row.now;
      if (!section.find("type")) section.fields.insert(section.fields.begin(), {"type", scalar(row.type)});
      upgrade_prior_training(root);
      break;
    }
  }
  rename_fields(root, false);
}

}  // namespace nr::config
