// Checks a config's optimisers against the system that it trains.
#include <algorithm>
#include <set>

#include "base/names.h"
#include "config/reader.h"
#include "descriptors/descriptor.h"
#include "losses/table.h"
#include "systems/table.h"

namespace nr {
namespace {

// A config that extends another drops a loss or an optimiser of it with a weight of 0.
void leave_out_zeros(PhaseConfig& phase) {
  for (auto optimiser = phase.optimisers.begin(); optimiser != phase.optimisers.end();) {
    auto& losses = optimiser->second.losses;
    const bool had_losses = !losses.empty();
    for (auto loss = losses.begin(); loss != losses.end();)
      loss = loss->second.from == 0 && loss->second.to == 0 ? losses.erase(loss) : std::next(loss);
    optimiser = had_losses && losses.empty() ? phase.optimisers.erase(optimiser) : std::next(optimiser);
  }
}

class Check {
 public:
  Check(const RunConfig& config, const config::Value& root)
      : config_(config), at_{root}, kind_(systems().at(type_of(config.model))), offers_(kind_.values(config)) {
    for (const PartKind& part : kind_.parts) part_names_.push_back(part.name);
  }

  void run() const {
    int64_t steps = 0;
    for (const auto& [name, phase] : config_.training.phases) {
      if (phase.steps > 0) check_phase(phase, "training.phases." + name);
      steps += phase.steps;
    }
    if (steps == 0) at_.fail("training.phases", " has no steps: there is nothing to train");
    check_arithmetic();
    check_controls();
    kind_.check(config_, at_);
  }

 private:
  void check_controls() const {
    if (config_.data.pairs) return;  // knobs: the system says which
    for (const std::string& control : config_.descriptors.controls)
      if (!descriptors().find(control))
        at_.fail("descriptors.controls", ": unknown descriptor '", control, "'", hint(control, descriptor_names()));
  }

  void check_arithmetic() const {
    const TrainingConfig& t = config_.training;
    if (t.deterministic && t.autotune)
      at_.fail("training.autotune", ": the fastest algorithms differ from run to run; expected false where ",
               "training.deterministic is true");
    if (t.autocast != "off" && kind_.name != std::string("rave") && kind_.name != std::string("rave_v2"))
      at_.fail("training.autocast", ": ", t.autocast, ", but a ", kind_.name, " has no pass in it; expected off");
  }

  void check_phase(const PhaseConfig& phase, const std::string& path) const {
    if (phase.optimisers.empty()) at_.fail(path, " has no optimisers");
    std::set<std::string> trained;
    for (const auto& [name, optimiser] : phase.optimisers) {
      const std::string here = path + ".optimisers." + name;
      check_fields(optimiser, here);
      for (const std::string& part : optimiser.parts)
        if (!trained.insert(part).second)
          at_.fail(here + ".parts", ": '", part, "' is trained by another optimiser of this phase already");
      for (const auto& [loss, weight] : optimiser.losses)
        check_loss(losses().at(loss), optimiser, here + ".losses." + loss);
    }
  }

  void check_fields(const OptimiserConfig& o, const std::string& here) const {
    if (o.parts.empty() || o.losses.empty()) at_.fail(here, " needs parts and losses");
    if (o.betas.size() != 2) at_.fail(here + ".betas", " must be two numbers");
    if (o.offsets.empty())
      at_.fail(here + ".offsets", " is empty: expected the steps of every ", o.every, " in which it updates");
    for (const int offset : o.offsets)
      if (offset >= o.every) at_.fail(here + ".offsets", ": ", offset, " must be less than every (", o.every, ")");
    for (const std::string& part : o.parts) {
      const auto found = std::find(part_names_.begin(), part_names_.end(), part);
      if (found == part_names_.end())
        at_.fail(here + ".parts", ": a ", kind_.name, " has no part '", part, "'", hint(part, part_names_));
      if (o.repeat > 1 && kind_.parts[found - part_names_.begin()].once)
        at_.fail(here + ".repeat", ": ", o.repeat, ", but the ", part, " runs once a step; only an optimiser of ",
                 "other parts can repeat");
    }
  }

  void check_loss(const Loss& loss, const OptimiserConfig& o, const std::string& here) const {
    if (loss.watched_only) at_.fail(here, " has no gradient to minimise: validation measures it without being asked");
    const std::vector<std::string> trains(loss.trains.begin(), loss.trains.end());
    for (const std::string& part : trains)
      if (!contains(o.parts, part))
        at_.fail(here, " needs ", join(trains, " and "),
                 " among the parts that it trains, but the optimiser's parts are ", join(o.parts));
    for (const std::string read : loss.reads) {
      if (contains(part_names_, read)) {
        if (contains(o.parts, read) && !contains(trains, read))
          at_.fail(here, " reads the ", read, " without training it, but it is among the optimiser's parts (",
                   join(o.parts), ")");
        continue;
      }
      const auto offer =
          std::find_if(offers_.begin(), offers_.end(), [&](const ValueOffer& v) { return v.name == read; });
      if (offer == offers_.end()) at_.fail(here, " reads ", read, ", which a ", kind_.name, " does not have");
      if (!offer->lacking.empty()) at_.fail(here, " reads ", read, ", which needs ", offer->lacking);
    }
  }

  const RunConfig& config_;
  config::Located at_;
  const SystemKind& kind_;
  std::vector<ValueOffer> offers_;
  std::vector<std::string> part_names_;
};

}  // namespace

std::vector<std::string> parts_read(const RunConfig& config) {
  std::vector<std::string> out;
  for (const PartKind& part : systems().at(type_of(config.model)).parts) {
    const auto reads_it = [&](const Loss& loss) {
      return std::any_of(loss.reads.begin(), loss.reads.end(),
                         [&](const std::string& read) { return read == part.name; });
    };
    bool found = false;
    for (const auto& [phase_name, phase] : config.training.phases)
      for (const auto& [name, optimiser] : phase.optimisers)
        for (const auto& [loss, weight] : optimiser.losses) found |= phase.steps > 0 && reads_it(losses().at(loss));
    if (found) out.push_back(part.name);
  }
  return out;
}

RunConfig read_run_config(const config::Value& root) {
  RunConfig config = config::read<RunConfig>(root);
  for (auto& [name, phase] : config.training.phases) leave_out_zeros(phase);
  Check(config, root).run();
  return config;
}

}  // namespace nr
