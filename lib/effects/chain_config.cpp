#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "config/writer.h"
#include "effects/chain.h"

namespace nr {
namespace {

using config::Value;

double number(const Value& value, const std::string& what) {
  const std::string& word = value.scalar;
  size_t end = 0;
  double out = NAN;
  try {
    if (value.kind == Value::Kind::kScalar) out = std::stod(word, &end);
  } catch (const std::exception&) {
  }
  if (!std::isfinite(out) || end != word.size()) fail(value.where(), what, ": expected a number, found '", word, "'");
  return out;
}

double inside(const Value& value, const SynthParameter& p, const std::string& what) {
  if (p.kind == SynthParameter::Kind::kChoice) {
    const auto at = std::find(p.choices.begin(), p.choices.end(), value.scalar);
    if (at == p.choices.end())
      fail(value.where(), what, ": no choice '", value.scalar, "' (there are: ", join(p.choices, ", "), ")");
    return double(at - p.choices.begin());
  }
  const double out = number(value, what);
  if (out < p.low || out > p.high)
    fail(value.where(), what, " is ", value.scalar, ": expected ", config::print(p.low), " to ", config::print(p.high),
         p.unit.empty() ? "" : " ", p.unit);
  return out;
}

// A number, or a list of the lowest and the highest.
void range(const Value& value, const SynthParameter& p, const std::string& what, double& low, double& high) {
  if (value.kind != Value::Kind::kList) {
    low = high = inside(value, p, what);
    return;
  }
  if (value.items.size() != 2) fail(value.where(), what, ": expected two ends, found ", value.items.size());
  low = inside(value.items[0], p, what), high = inside(value.items[1], p, what);
  if (low > high) fail(value.where(), what, ": the first end is above the second");
}

const SynthParameter kMix{"mix"};

EffectChoice read_choice(const std::string& name, const Value& at, const Value* settings) {
  const EffectKind* const kind = effects().find(name);
  if (!kind) fail(at.where(), "no effect named '", name, "'", hint(name, effects().names()));
  EffectChoice out{kind, initial_values(kind->parameters), initial_values(kind->parameters)};
  if (!settings || settings->kind == Value::Kind::kNull) return out;
  if (settings->kind != Value::Kind::kMap) fail(settings->where(), name, ": expected a table of its parameters");
  for (const auto& [key, value] : settings->fields) {
    const std::string what = name + "." + key;
    if (key == "mix") {
      range(value, kMix, what, out.mix_low, out.mix_high);
      continue;
    }
    std::vector<std::string> names{"mix"};
    for (const SynthParameter& p : kind->parameters) names.push_back(p.name);
    const auto found = std::find(names.begin(), names.end(), key);
    if (found == names.end()) fail(value.where(), name, " has no parameter '", key, "'", hint(key, names));
    const auto p = size_t(found - names.begin()) - 1;
    range(value, kind->parameters[p], what, out.low[p], out.high[p]);
  }
  return out;
}

// "tanh", or {tanh: {...}}.
EffectChoice read_choice(const Value& item) {
  if (item.kind == Value::Kind::kScalar) return read_choice(item.scalar, item, nullptr);
  if (item.kind != Value::Kind::kMap || item.fields.size() != 1)
    fail(item.where(), "expected the name of an effect, or one name with its parameters");
  return read_choice(item.fields[0].first, item, &item.fields[0].second);
}

ChainSlot read_slot(const Value& item) {
  ChainSlot out;
  Value effect = item;
  if (const Value* const probability = item.find("probability")) {
    range(*probability, SynthParameter{"probability"}, "probability", out.probability, out.probability);
    auto& fields = effect.fields;
    fields.erase(std::find_if(fields.begin(), fields.end(), [](const auto& f) { return f.first == "probability"; }));
  }
  const Value* const one_of = effect.find("one_of");
  if (!one_of) {
    out.one_of.push_back(read_choice(effect));
    return out;
  }
  if (one_of->kind != Value::Kind::kList || one_of->items.empty() || effect.fields.size() != 1)
    fail(item.where(), "one_of: expected a list of effects, and nothing beside it but probability");
  for (const Value& choice : one_of->items) out.one_of.push_back(read_choice(choice));
  return out;
}

bool is_second(const Value& value, const std::string& what, const char* first, const char* second) {
  if (value.scalar != first && value.scalar != second)
    fail(value.where(), what, ": expected ", first, " or ", second, ", found '", value.scalar, "'");
  return value.scalar == second;
}

std::string settings_text(const ChainLink& link) {
  std::string out;
  for (size_t p = 0; p < link.settings.size(); ++p) {
    const SynthParameter& parameter = link.kind->parameters[p];
    const bool named = parameter.kind == SynthParameter::Kind::kChoice;
    char number[32];
    std::snprintf(number, sizeof number, "%.4g", link.settings[p]);
    out += text(p ? ", " : "", parameter.name, " ", named ? parameter.choices[size_t(link.settings[p])] : number,
                parameter.unit.empty() ? "" : " ", parameter.unit);
  }
  return out;
}

}  // namespace

void ChainConfig::read(const Value& value, const std::string& path) {
  if (value.kind == Value::Kind::kScalar)
    *this = read_chain(config::load(value.scalar));
  else if (value.kind == Value::Kind::kMap)
    *this = read_chain(value);
  else
    fail(value.where(), path, ": expected a chain of effects, or the name of its file");
}

ChainConfig read_chain(const Value& root) {
  ChainConfig out;
  out.source = root;
  for (const auto& [key, value] : root.fields) {
    if (key == "seed") {
      out.seed = uint64_t(std::llround(number(value, key)));
    } else if (key == "order") {
      out.drawn_order = is_second(value, key, "given", "drawn");
    } else if (key == "level") {
      out.level = is_second(value, key, "none", "rms") ? ChainConfig::Level::kRms : ChainConfig::Level::kNone;
    } else if (key == "effects") {
      for (const Value& item : value.items) out.slots.push_back(read_slot(item));
    } else {
      fail(value.where(), "a chain has no field '", key, "'", hint(key, {"seed", "order", "level", "effects"}));
    }
  }
  if (out.slots.empty()) fail(root.where(), "effects: expected a list of at least one effect");
  return out;
}

Links draw_links(const ChainConfig& config, Random& draw) {
  Links out;
  for (size_t s = 0; s < config.slots.size(); ++s) {
    const ChainSlot& slot = config.slots[s];
    const bool there = draw.uniform() < slot.probability;
    const EffectChoice& choice = slot.one_of[draw.below(slot.one_of.size())];
    ChainLink link{choice.kind, choice.low, choice.mix_low + (choice.mix_high - choice.mix_low) * draw.uniform(), s};
    for (size_t p = 0; p < link.settings.size(); ++p) {
      const SynthParameter& parameter = choice.kind->parameters[p];
      const double low = parameter.position(choice.low[p]), high = parameter.position(choice.high[p]);
      const double at = low + (high - low) * draw.uniform();
      if (high > low) link.settings[p] = parameter.value(at);
    }
    if (there) out.push_back(std::move(link));
  }
  if (config.drawn_order)
    for (size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[draw.below(i)]);
  return out;
}

std::string describe(const Links& links) {
  std::string out;
  for (const ChainLink& link : links) {
    out += text(out.empty() ? "" : " > ", link.kind->name, "(", settings_text(link), ")");
    if (link.mix < 1) {
      char mix[32];
      std::snprintf(mix, sizeof mix, ", mix %.3g", link.mix);
      out += mix;
    }
  }
  return out.empty() ? "nothing" : out;
}

}  // namespace nr
