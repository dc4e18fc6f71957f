#include "synth/parameter.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "base/names.h"
#include "config/reader.h"

namespace nr {

using Kind = SynthParameter::Kind;

int SynthParameter::levels() const { return kind == Kind::kContinuous ? 0 : int(std::lround(high - low)) + 1; }

double SynthParameter::position(double value) const {
  const double inside = std::clamp(value, low, high);
  if (kind != Kind::kContinuous) return high > low ? (std::round(inside) - low) / (high - low) : 0;
  if (law == Law::kLogarithmic) return std::log(inside / low) / std::log(high / low);
  return (inside - low) / (high - low);
}

double SynthParameter::value(double position) const {
  const double inside = std::clamp(position, 0.0, 1.0);
  if (kind != Kind::kContinuous) return low + std::round(inside * (high - low));
  if (law == Law::kLogarithmic) return std::clamp(low * std::pow(high / low, inside), low, high);
  return low + inside * (high - low);
}

int SynthParameter::level(double value) const { return int(std::lround(std::clamp(value, low, high) - low)); }
double SynthParameter::value_of_level(int level) const { return low + level; }

size_t index_of(const SynthParameters& parameters, const std::string& name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == name) return i;
    names.push_back(parameters[i].name);
  }
  fail("no parameter named '", name, "'", hint(name, names));
}

std::vector<double> initial_values(const SynthParameters& parameters) {
  std::vector<double> out;
  for (const SynthParameter& p : parameters) out.push_back(p.initial);
  return out;
}

namespace {

bool is_heard(const SynthParameters& all, const std::vector<double>& values, const SynthParameter& p) {
  const auto sounds = [&](const std::string& condition) {
    const size_t equals = condition.find('=');
    const size_t at = index_of(all, condition.substr(0, equals));
    const SynthParameter& other = all[at];
    const bool holds = equals == std::string::npos
                           ? values.at(at) != 0
                           : other.choices.at(size_t(other.level(values.at(at)))) == condition.substr(equals + 1);
    return holds && is_heard(all, values, other);
  };
  return std::all_of(p.heard_with.begin(), p.heard_with.end(), [&](const std::vector<std::string>& group) {
    return std::any_of(group.begin(), group.end(), sounds);
  });
}

}  // namespace

std::vector<bool> heard(const SynthParameters& parameters, const std::vector<double>& values) {
  std::vector<bool> out;
  for (const SynthParameter& p : parameters) out.push_back(is_heard(parameters, values, p));
  return out;
}

namespace {

double read_value(const config::Value& value, const SynthParameter& p) {
  const std::string where = value.where() + "parameters." + p.name;
  if (p.kind == Kind::kChoice) {
    const auto found = std::find(p.choices.begin(), p.choices.end(), value.scalar);
    if (found == p.choices.end())
      fail(where, ": unknown choice '", value.scalar, "'", hint(value.scalar, p.choices));
    return double(found - p.choices.begin());
  }
  double number = 0;
  if (value.kind != config::Value::Kind::kScalar || !config::parse(value.scalar, number))
    fail(where, ": '", value.scalar, "' is not a number");
  if (!(number >= p.low && number <= p.high))
    fail(where, ": ", value.scalar, " is outside [", p.low, ", ", p.high, "]", p.unit.empty() ? "" : " ", p.unit);
  if (p.kind == Kind::kInteger && number != std::round(number)) fail(where, ": ", value.scalar, " must be whole");
  return number;
}

Preset preset_of(const config::Value& root, const std::string& synth, const SynthParameters& parameters) {
  Preset out{"", 1, initial_values(parameters)};
  for (const auto& [key, value] : root.fields) {
    if (key == "synth") {
      out.synth = value.scalar;
    } else if (key == "seed") {
      if (!config::parse(value.scalar, out.seed))
        fail(value.where(), "seed: '", value.scalar, "' is not a whole number");
    } else if (key == "parameters") {
      if (value.kind != config::Value::Kind::kMap)
        fail(value.where(), "parameters must be a table of names and values");
      for (const auto& [name, item] : value.fields) {
        size_t at = 0;
        try {
          at = index_of(parameters, name);
        } catch (const Error& error) {
          fail(item.where(), error.what());
        }
        out.values[at] = read_value(item, parameters[at]);
      }
    } else {
      fail(value.where(), "a preset has no field '", key, "'", hint(key, {"synth", "seed", "parameters"}));
    }
  }
  if (out.synth != synth)
    fail(root.where(), "the preset is of the synthesizer '", out.synth, "', expected '", synth, "'");
  return out;
}

}  // namespace

Preset parse_preset(const std::string& yaml, const std::string& name, const std::string& synth,
                    const SynthParameters& parameters) {
  return preset_of(config::parse_text(yaml, name), synth, parameters);
}

Preset read_preset(const std::filesystem::path& file, const std::string& synth, const SynthParameters& parameters) {
  return parse_preset(read_file(file, config::kMostBytes), file.string(), synth, parameters);
}

std::string preset_text(const Preset& preset, const SynthParameters& parameters) {
  std::string out = text("synth: ", preset.synth, "\nseed: ", preset.seed, "\nparameters:\n");
  for (size_t i = 0; i < parameters.size(); ++i) {
    const SynthParameter& p = parameters[i];
    const double value = preset.values.at(i);
    out += "  " + p.name + ": " +
           (p.kind == Kind::kChoice ? p.choices.at(size_t(p.level(value))) : config::print(value)) + "\n";
  }
  return out;
}

}  // namespace nr
