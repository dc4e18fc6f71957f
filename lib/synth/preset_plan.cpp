#include <cstdio>
#include <set>

#include "base/error.h"
#include "base/random.h"
#include "config/reader.h"
#include "synth/presets.h"

namespace nr {
namespace {

using Values = std::vector<double>;

enum Stream { kSampled, kPerturbed, kInterpolated };  // keys of the random numbers

struct Space {
  const SynthParameters& parameters;
  std::vector<size_t> varied;
  Values patch;

  Values with_varied(const Values& other) const {
    Values out = patch;
    for (const size_t i : varied) out[i] = other[i];
    return out;
  }
  Values sampled(Random random) const {
    Values out = patch;
    for (const size_t i : varied) out[i] = drawn(parameters[i], random);
    return out;
  }
  Values perturbed(const Values& base, double deviation, Random random) const {
    Values out = base;
    for (const size_t i : varied) {
      const SynthParameter& p = parameters[i];
      const double moved = p.position(base[i]) + deviation * random.normal(), chance = random.uniform();
      if (p.kind != SynthParameter::Kind::kChoice) out[i] = p.value(moved);
      else if (chance < deviation) out[i] = drawn(p, random);
    }
    return out;
  }
  Values between(const Values& a, const Values& b, Random random) const {
    Values out = a;
    const double share = random.uniform();
    for (const size_t i : varied) {
      const SynthParameter& p = parameters[i];
      const bool other = random.uniform() < share;
      if (p.kind == SynthParameter::Kind::kChoice) out[i] = other ? b[i] : a[i];
      else out[i] = p.value((1 - share) * p.position(a[i]) + share * p.position(b[i]));
    }
    return out;
  }

  static double drawn(const SynthParameter& p, Random& random) {
    return p.levels() ? p.value_of_level(int(random.below(uint64_t(p.levels())))) : p.value(random.uniform());
  }
};

Space space_of(const PresetSet& set, const SynthParameters& parameters) {
  Space out{parameters, {}, initial_values(parameters)};
  if (!set.patch.empty()) out.patch = read_preset(set.patch, set.synth, parameters).values;
  for (const std::string& name : varied(set, parameters)) out.varied.push_back(index_of(parameters, name));
  return out;
}

}  // namespace

std::vector<std::string> varied(const PresetSet& set, const SynthParameters& parameters) {
  if (set.parameters != std::vector<std::string>{"*"}) return set.parameters;
  std::vector<std::string> out;
  for (const SynthParameter& p : parameters) out.push_back(p.name);
  return out;
}

Plan preset_plan(const PresetSet& set, const SynthParameters& parameters, const std::vector<Values>& shipped) {
  if (set.parameters.empty()) fail("recipe: presets.parameters is empty: name those that vary");
  if (set.held > set.seconds)
    fail("recipe: presets.held (", set.held, " s) must be at most presets.seconds (", set.seconds, ")");
  const Space space = space_of(set, parameters);
  const auto seed = uint64_t(set.seed);
  Plan out{"path,family,kind", {{}}};
  for (const size_t i : space.varied) out.columns += "," + parameters[i].name;

  const auto add = [&](const char* kind, int index, int family, Values values) {
    char path[64];
    std::snprintf(path, sizeof path, "%s/%06d.wav", kind, index);
    const std::vector<bool> can_be_heard = heard(parameters, values);
    std::string cells = text(family, ",", kind);
    for (const size_t i : space.varied) cells += "," + (can_be_heard[i] ? config::print(values[i]) : std::string());
    out.lists[0].push_back({path, cells, Preset{set.synth, set.seed, std::move(values)}, set.seconds});
  };
  std::vector<Values> bases;
  std::set<Values> different;  // of the shipped ones
  const auto add_base = [&](const char* kind, int index, Values values) {
    add(kind, index, int(bases.size()) / 2, values);
    bases.push_back(std::move(values));
  };
  for (size_t i = 0; set.shipped && i < shipped.size(); ++i) {
    const Values values = space.with_varied(shipped[i]);
    if (different.insert(values).second) add_base("shipped", int(i), values);
  }
  for (int i = 0; i < set.sampled; ++i) add_base("sampled", i, space.sampled(Random(seed, kSampled, i)));
  const int count = int(bases.size());
  if (count == 0)
    fail("recipe: no presets: presets.sampled is 0", set.shipped ? text(" and ", set.synth, " ships none") : "");
  if (set.interpolated > 0 && count < 2) fail("recipe: presets.interpolated needs two presets to go between");
  for (int i = 0; i < set.perturbed; ++i) {
    const int base = i % count;
    add("perturbed", i, base / 2, space.perturbed(bases[base], set.deviation, Random(seed, kPerturbed, i)));
  }
  for (int i = 0; i < set.interpolated; ++i) {
    const int family = i % (count / 2);
    add("interpolated", i, family,
        space.between(bases[2 * family], bases[2 * family + 1], Random(seed, kInterpolated, i)));
  }
  return out;
}

}  // namespace nr
