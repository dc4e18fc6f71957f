#include "effects/labels.h"

#include <algorithm>

#include "base/error.h"

namespace nr {
namespace {

double setting(const EffectChoice& choice, size_t parameter, bool high) {
  if (parameter == choice.low.size()) return high ? choice.mix_high : choice.mix_low;
  return (high ? choice.high : choice.low)[parameter];
}

}  // namespace

ChainLabels::ChainLabels(const ChainConfig& config) {
  if (config.drawn_order)
    fail(config.source.where(), "order: drawn, but what is learned of a chain does not say its order; expected given");
  for (const ChainSlot& slot : config.slots) add_place(slot);
  if (columns_.empty()) fail(config.source.where(), "effects: nothing is drawn that could be learned");
}

void ChainLabels::add_column(const SynthParameter& parameter, const std::string& name, Column column) {
  SynthParameter out = parameter;
  out.name = name;
  const auto taken = [&](const SynthParameter& p) { return p.name == out.name; };
  if (std::any_of(columns_.begin(), columns_.end(), taken)) out.name += text("_", column.place + 1);
  columns_.push_back(std::move(out)), places_of_.push_back(column);
}

void ChainLabels::add_place(const ChainSlot& slot) {
  const size_t place = places_.size();
  Place out;
  out.may_be_none = slot.probability < 1;
  for (const EffectChoice& choice : slot.one_of)
    if (std::none_of(out.effects.begin(), out.effects.end(), [&](const auto& e) { return e.kind == choice.kind; }))
      out.effects.push_back(choice);
  if (out.effects.size() + out.may_be_none > 1) {
    SynthParameter choice{"effect", SynthParameter::Kind::kChoice};
    if (out.may_be_none) choice.choices.push_back("none");
    for (const EffectChoice& effect : out.effects) choice.choices.push_back(effect.kind->name);
    choice.high = double(choice.choices.size()) - 1;
    out.choice = int(columns_.size());
    choices_.push_back(columns_.size());
    add_column(choice, choice.name, {place, nullptr, 0, choice.low, choice.high});
  }
  for (const EffectChoice& effect : out.effects)
    for (size_t p = 0; p <= effect.low.size(); ++p) {
      double low = setting(effect, p, false), high = setting(effect, p, true);
      for (const EffectChoice& other : slot.one_of)
        if (other.kind == effect.kind)
          low = std::min(low, setting(other, p, false)), high = std::max(high, setting(other, p, true));
      if (low == high) continue;
      const bool mix = p == effect.low.size();
      const SynthParameter parameter = mix ? SynthParameter{"mix"} : effect.kind->parameters[p];
      add_column(parameter, text(effect.kind->name, ".", parameter.name), {place, effect.kind, p, low, high});
    }
  places_.push_back(std::move(out));
}

void ChainLabels::of(const Links& links, float* values, float* known) const {
  std::fill_n(values, columns_.size(), 0.f), std::fill_n(known, columns_.size(), 0.f);
  for (size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = places_of_[c];
    const auto link = std::find_if(links.begin(), links.end(), [&](const auto& l) { return l.slot == column.place; });
    if (column.kind) {
      if (link == links.end() || link->kind != column.kind) continue;
      values[c] = float(column.parameter < link->settings.size() ? link->settings[column.parameter] : link->mix);
    } else {
      const auto& names = columns_[c].choices;
      const auto at = std::find(names.begin(), names.end(), link == links.end() ? "none" : link->kind->name);
      if (at == names.end()) continue;
      values[c] = float(at - names.begin());
    }
    known[c] = 1;
  }
}

const EffectChoice* ChainLabels::effect_at(size_t place, const float* values) const {
  const Place& at = places_[place];
  if (at.choice < 0) return &at.effects[0];
  const int level = columns_[size_t(at.choice)].level(values[at.choice]) - at.may_be_none;
  return level < 0 ? nullptr : &at.effects[size_t(level)];
}

Links ChainLabels::links(const float* values) const {
  Links out;
  for (size_t place = 0; place < places_.size(); ++place) {
    const EffectChoice* const effect = effect_at(place, values);
    if (!effect) continue;
    ChainLink link{effect->kind, effect->low, effect->mix_low, place};
    for (size_t c = 0; c < columns_.size(); ++c) {
      const Column& column = places_of_[c];
      if (column.place != place || column.kind != effect->kind) continue;
      const double value = std::clamp(double(values[c]), columns_[c].low, columns_[c].high);
      (column.parameter < link.settings.size() ? link.settings[column.parameter] : link.mix) = value;
    }
    out.push_back(std::move(link));
  }
  return out;
}

std::vector<bool> ChainLabels::present(const float* values) const {
  std::vector<bool> out;
  for (const Column& column : places_of_) {
    const EffectChoice* const effect = column.kind ? effect_at(column.place, values) : nullptr;
    out.push_back(!column.kind || (effect && effect->kind == column.kind));
  }
  return out;
}

}  // namespace nr
